using Akka.Actor;

namespace ActorRuntime.Specs.Actors;

public sealed class MessageOrderSpec : Spec
{
    [Fact]
    public void Messages_of_one_sender_arrive_in_the_order_they_were_sent()
    {
        for (var i = 0; i < 1000; i++)
        {
            TestActor.Tell(i);
        }

        Assert.Equal(Enumerable.Range(0, 1000), ReceiveN(1000, Soon).Cast<int>());
    }

    [Fact]
    public void Each_of_several_senders_keeps_its_order_whatever_the_others_do()
    {
        const int Senders = 4, Each = 500;
        for (var s = 0; s < Senders; s++)
        {
            var name = s;
            Sys.ActorOf(Props.Create(() => new Burst(name, Each, TestActor)));
        }

        var received = ReceiveN(Senders * Each, Soon).Cast<(int Sender, int Number)>().ToLookup(m => m.Sender, m => m.Number);

        Assert.All(Enumerable.Range(0, Senders), s => Assert.Equal(Enumerable.Range(0, Each), received[s]));
    }

    [Fact]
    public async Task An_actor_handles_one_message_at_a_time()
    {
        var counter = Sys.ActorOf(Props.Create(() => new UnsafeCounter()));
        var senders = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () => Enumerable.Range(0, 5000).ToList().ForEach(_ => counter.Tell("+1", ActorRefs.NoSender)),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        await Task.WhenAll(senders);

        counter.Tell("how many?", TestActor);

        await ExpectMsgAsync(20_000, Soon);
    }

    [Fact]
    public void The_sender_of_a_message_is_known_while_it_is_handled()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));

        echo.Tell("hello", TestActor);

        ExpectMsg("hello", Soon);
        Assert.Equal(echo, LastSender);
    }

    [Fact]
    public void A_forwarded_message_keeps_its_sender()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        var forwarder = Sys.ActorOf(Props.Create(() => new Forwarder(echo)));

        forwarder.Tell("hello", TestActor);

        ExpectMsg("hello", Soon);
        Assert.Equal(echo, LastSender);
    }

    [Fact]
    public void A_message_without_a_sender_is_answered_into_the_dead_letters()
    {
        var reporter = Sys.ActorOf(Props.Create(() => new SenderReporter(TestActor)));

        reporter.Tell("whom?", ActorRefs.NoSender);

        ExpectMsg(Sys.DeadLetters.Path, Soon);
    }

    [Fact]
    public void A_test_is_the_implicit_sender_of_what_it_tells()
    {
        Sys.ActorOf(Props.Create(() => new Echo())).Tell("who am I?");

        ExpectMsg("who am I?", Soon);
    }

    [Fact]
    public async Task A_test_stays_the_implicit_sender_after_an_await()
    {
        await Task.Yield();

        Sys.ActorOf(Props.Create(() => new Echo())).Tell("who am I?");

        await ExpectMsgAsync("who am I?", Soon);
    }

    private sealed class Burst : ActorBase
    {
        public Burst(int name, int count, IActorRef target)
        {
            for (var i = 0; i < count; i++)
            {
                target.Tell((name, i), Self);
            }
        }

        protected override bool Receive(object message) => false;
    }

    private sealed class UnsafeCounter : ReceiveActor
    {
        private int _count;

        public UnsafeCounter()
        {
            Receive<string>(m => m == "+1", _ => _count++);
            Receive<string>(_ => Sender.Tell(_count));
        }
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(m => Sender.Tell(m));
    }

    private sealed class Forwarder : ReceiveActor
    {
        public Forwarder(IActorRef target) => ReceiveAny(target.Forward);
    }

    private sealed class SenderReporter : ReceiveActor
    {
        public SenderReporter(IActorRef report) => ReceiveAny(_ => report.Tell(Sender.Path));
    }
}
