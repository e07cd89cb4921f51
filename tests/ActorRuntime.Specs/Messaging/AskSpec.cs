using Akka.Actor;

namespace ActorRuntime.Specs.Messaging;

public sealed class AskSpec : Spec
{
    [Fact]
    public async Task The_answer_completes_the_task()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Answering()));

        Assert.Equal("answer to question", await actor.Ask<string>("question", Soon));
    }

    [Fact]
    public async Task Without_an_answer_the_task_fails_when_the_time_is_over()
    {
        var silent = Sys.ActorOf(Props.Create(() => new Silent()));

        await Assert.ThrowsAsync<AskTimeoutException>(() => silent.Ask<string>("question", TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task A_failure_as_the_answer_fails_the_task_with_its_cause()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Answering()));

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => actor.Ask<string>("fail", Soon));

        Assert.Equal("on purpose", thrown.Message);
    }

    [Fact]
    public async Task An_answer_of_another_type_fails_the_task()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Answering()));

        var thrown = await Record.ExceptionAsync(() => actor.Ask<int>("question", Soon));

        Assert.IsType<ArgumentException>(thrown);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait()
    {
        var silent = Sys.ActorOf(Props.Create(() => new Silent()));
        using var cancellation = new CancellationTokenSource();
        var asking = silent.Ask<string>("question", cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task Many_questions_at_once_each_get_their_own_answer()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Answering()));

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => actor.Ask<string>($"{i}", Soon)));

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"answer to {i}"), answers);
    }

    [Fact]
    public async Task A_second_answer_is_a_dead_letter()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Answering()));
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.DeadLetter));

        Assert.Equal("first", await actor.Ask<string>("twice", Soon));

        await FishForMessageAsync<Akka.Event.DeadLetter>(m => "second".Equals(m.Message), Soon);
    }

    [Fact]
    public async Task The_question_can_be_made_from_the_reference_that_the_answer_goes_to()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Answering()));

        var answer = await actor.Ask<string>(replyTo => new Question(replyTo), Soon, CancellationToken.None);

        Assert.Equal("answered by reference", answer);
    }

    [Fact]
    public async Task An_actor_can_be_awaited_from_within_another_one()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Answering()));
        var middle = Sys.ActorOf(Props.Create(() => new Middle(actor)));

        Assert.Equal("answer to question", await middle.Ask<string>("question", Soon));
    }

    private sealed record Question(IActorRef ReplyTo);

    private sealed class Answering : ReceiveActor
    {
        public Answering()
        {
            Receive<string>(m => m == "fail", _ => Sender.Tell(new Status.Failure(new InvalidOperationException("on purpose"))));
            Receive<string>(m => m == "twice", _ =>
            {
                Sender.Tell("first");
                Sender.Tell("second");
            });
            Receive<string>(m => Sender.Tell($"answer to {m}"));
            Receive<Question>(m => m.ReplyTo.Tell("answered by reference"));
        }
    }

    private sealed class Silent : ReceiveActor
    {
        public Silent() => ReceiveAny(_ => { });
    }

    private sealed class Middle : ReceiveActor
    {
        public Middle(IActorRef next) => ReceiveAsync<string>(async m => Sender.Tell(await next.Ask<string>(m, Soon)));
    }
}
