using Akka.Actor;

namespace ActorRuntime.Specs.Actors;

public sealed class ReceiveTimeoutSpec() : Spec(WithTestTime)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private IActorRef? _idle;

    [Fact]
    public void It_comes_when_no_message_has_come_for_so_long()
    {
        Started();

        TestTime.Advance(Second);

        ExpectMsg("timed out", Soon);
    }

    [Fact]
    public void A_message_starts_the_time_anew()
    {
        var actor = Started();
        TestTime.Advance(Second / 2);
        actor.Tell("busy");
        ExpectMsg("busy", Soon);
        Settle();

        TestTime.Advance(Second / 2);
        Settle();
        Assert.False(HasMessages);

        TestTime.Advance(Second / 2);
        ExpectMsg("timed out", Soon);
    }

    [Fact]
    public void A_message_that_does_not_influence_it_does_not()
    {
        var actor = Started();
        TestTime.Advance(Second / 2);
        actor.Tell(new Unnoticed());
        ExpectMsg<Unnoticed>(Soon);

        TestTime.Advance(Second / 2);

        ExpectMsg("timed out", Soon);
    }

    [Fact]
    public void Null_switches_it_off()
    {
        var actor = Started();
        actor.Tell("off");
        ExpectMsg("off", Soon);

        TestTime.Advance(10 * Second);
        Settle();

        Assert.False(HasMessages);
    }

    private IActorRef Started()
    {
        _idle = Sys.ActorOf(Props.Create(() => new Idle(TestActor)));
        ExpectMsg("started", Soon);
        Settle();
        return _idle;
    }

    /// <summary>Waits until the actor has handled what it was sent, without its timeout noticing.</summary>
    private void Settle() => AwaitHandled(_idle!);

    private sealed record Unnoticed : INotInfluenceReceiveTimeout;

    private sealed class Idle : ReceiveActor
    {
        public Idle(IActorRef report)
        {
            SetReceiveTimeout(Second);
            report.Tell("started");
            Receive<ReceiveTimeout>(_ => report.Tell("timed out"));
            Receive<string>(m => m == "off", m =>
            {
                SetReceiveTimeout(null);
                report.Tell(m);
            });
            ReceiveAny(m => report.Tell(m));
        }
    }
}
