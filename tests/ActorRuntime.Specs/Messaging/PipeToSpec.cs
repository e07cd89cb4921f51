using Akka.Actor;

namespace ActorRuntime.Specs.Messaging;

public sealed class PipeToSpec : Spec
{
    [Fact]
    public async Task The_result_of_a_task_is_sent_when_it_completes()
    {
        var work = new TaskCompletionSource<string>();
        var piped = work.Task.PipeTo(TestActor);

        work.SetResult("done");

        await ExpectMsgAsync("done", Soon);
        await piped;
    }

    [Fact]
    public async Task A_failed_task_is_sent_as_a_failure()
    {
        await Task.FromException<string>(new InvalidOperationException("on purpose")).PipeTo(TestActor);

        var failure = await ExpectMsgAsync<Status.Failure>(Soon);
        Assert.IsType<InvalidOperationException>(failure.Cause);
    }

    [Fact]
    public async Task A_cancelled_task_is_sent_as_a_failure()
    {
        await Task.FromCanceled<string>(new CancellationToken(canceled: true)).PipeTo(TestActor);

        var failure = await ExpectMsgAsync<Status.Failure>(Soon);
        Assert.IsAssignableFrom<OperationCanceledException>(failure.Cause);
    }

    [Fact]
    public async Task Success_and_failure_can_be_turned_into_messages_of_ones_own()
    {
        await Task.FromResult(20).PipeTo(TestActor, success: n => n + 1, failure: e => e.Message);
        await Task.FromException<int>(new InvalidOperationException("on purpose")).PipeTo(TestActor, success: n => n, failure: e => e.Message);

        await ExpectMsgAsync(21, Soon);
        await ExpectMsgAsync("on purpose", Soon);
    }

    [Fact]
    public async Task The_sender_of_the_result_is_the_one_given()
    {
        var other = CreateTestProbe();

        await Task.FromResult("done").PipeTo(TestActor, other.Ref);

        await ExpectMsgAsync("done", Soon);
        Assert.Equal(other.Ref, LastSender);
    }

    [Fact]
    public void An_actor_that_pipes_to_itself_is_not_held_up_by_the_work()
    {
        var work = new TaskCompletionSource<string>();
        var actor = Sys.ActorOf(Props.Create(() => new Piping(TestActor, work.Task)));
        actor.Tell("start");
        actor.Tell("meanwhile");
        ExpectMsg("meanwhile", Soon);

        work.SetResult("done");

        ExpectMsg("done", Soon);
    }

    private sealed class Piping : ReceiveActor
    {
        public Piping(IActorRef report, Task<string> work)
        {
            Receive<string>(m => m == "start", _ => work.PipeTo(Self));
            ReceiveAny(m => report.Tell(m));
        }
    }
}
