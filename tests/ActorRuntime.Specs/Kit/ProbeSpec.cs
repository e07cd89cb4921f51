using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.TestActors;

namespace ActorRuntime.Specs.Kit;

public sealed class ProbeSpec : Spec
{
    [Fact]
    public void A_probe_sends_in_its_own_name_and_answers()
    {
        var (a, b) = (CreateTestProbe(), CreateTestProbe());

        a.Send(b, "question");
        b.ExpectMsg("question", Soon);
        b.Reply("answer");

        a.ExpectMsg("answer", Soon);
        Assert.Equal(b.Ref, a.LastSender);
        Assert.Equal(a.Ref, b.Sender);
    }

    [Fact]
    public void A_probe_passes_a_message_on_with_its_sender()
    {
        var (a, b) = (CreateTestProbe(), CreateTestProbe());
        a.Send(b, "hello");
        b.ExpectMsg<string>(Soon);

        b.Forward(TestActor);

        ExpectMsg("hello", Soon);
        Assert.Equal(a.Ref, LastSender);
    }

    [Fact]
    public void A_probe_can_stand_for_an_actor_wherever_one_is_wanted()
    {
        var probe = CreateTestProbe("named");
        var forward = Sys.ActorOf(ForwardActor.Props(probe));

        forward.Tell("hello");

        probe.ExpectMsg("hello", Soon);
        Assert.Equal("named", probe.Ref.Path.Name);
        Watch(probe);
        Sys.Stop(probe);
        ExpectTerminated(probe, Soon);
    }

    [Fact]
    public void An_auto_pilot_answers_before_the_test_looks()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"re: {message}", ActorRefs.NoSender);
            return AutoPilot.KeepRunning;
        }));

        probe.Ref.Tell("one");
        probe.Ref.Tell("two");

        ExpectMsg("re: one", Soon);
        ExpectMsg("re: two", Soon);
        probe.ExpectMsg("one", Soon);
    }

    [Fact]
    public void An_auto_pilot_can_hand_over_to_none()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"re: {message}", ActorRefs.NoSender);
            return AutoPilot.NoAutoPilot;
        }));

        probe.Ref.Tell("one");
        probe.Ref.Tell("two");

        ExpectMsg("re: one", Soon);
        probe.ExpectMsg("one", Soon);
        probe.ExpectMsg("two", Soon);
        Assert.False(HasMessages);
    }

    [Fact]
    public void A_child_of_the_test_actor_is_supervised_as_the_test_says()
    {
        var stopping = ChildActorOf(Props.Create(() => new Failing()), SupervisorStrategy.StoppingStrategy);
        Watch(stopping);

        stopping.Tell("fail");

        ExpectTerminated(stopping, Soon);
        Assert.Equal(TestActor.Path, stopping.Path.Parent);
    }

    [Fact]
    public void An_actor_on_the_calling_thread_has_handled_a_message_when_Tell_returns()
    {
        var actor = ActorOfAsTestActorRef(() => new Counting());

        actor.Tell("+1");
        actor.Tell("+1");

        Assert.Equal(2, actor.UnderlyingActor.Count);
        Assert.Equal(Environment.CurrentManagedThreadId, actor.UnderlyingActor.Thread);
    }

    [Fact]
    public void A_message_can_be_handled_past_the_mailbox_and_what_it_throws_comes_out()
    {
        var actor = ActorOfAsTestActorRef(() => new Counting());

        actor.Receive("+1");

        Assert.Equal(1, actor.UnderlyingActor.Count);
        Assert.ThrowsAny<InvalidOperationException>(() => actor.Receive("fail"));
    }

    [Fact]
    public void A_latch_opens_when_it_has_been_counted_down()
    {
        var latch = CreateTestLatch(2);
        latch.CountDown();
        Assert.False(latch.IsOpen);
        Assert.Throws<TimeoutException>(() => latch.Ready(TimeSpan.FromMilliseconds(20)));

        latch.CountDown();

        latch.Ready(Soon);
        Assert.True(latch.IsOpen);
    }

    [Fact]
    public async Task A_barrier_lets_all_go_on_together()
    {
        var barrier = CreateTestBarrier(2);
        var other = Task.Factory.StartNew(() => barrier.Await(Soon), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        barrier.Await(Soon);

        await other;
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing() => Receive<string>(_ => throw new InvalidOperationException("on purpose"));
    }

    private sealed class Counting : ReceiveActor
    {
        public Counting()
        {
            Receive<string>(m => m == "+1", _ =>
            {
                Count++;
                Thread = Environment.CurrentManagedThreadId;
            });
            Receive<string>(m => m == "fail", _ => throw new InvalidOperationException("on purpose"));
        }

        public int Count { get; private set; }

        public int Thread { get; private set; }
    }
}
