using Akka.Actor;

namespace Akka.Routing;

/// <summary>
/// Sends to all routees; the first answer goes to the sender, later ones to the dead letters. Without an answer in time the sender
/// gets a <see cref="Status.Failure"/> with an <see cref="AskTimeoutException"/>.
/// </summary>
public sealed class ScatterGatherFirstCompletedRoutingLogic : RoutingLogic
{
    private readonly ActorSystemImpl _system;
    private readonly TimeSpan _within;

    internal ScatterGatherFirstCompletedRoutingLogic(ActorSystem system, TimeSpan within)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(within, TimeSpan.Zero);
        _system = (ActorSystemImpl)system;
        _within = within;
    }

    public override Routee Select(object message, Routee[] routees) =>
        routees.Length == 0 ? Routee.NoRoutee : new FirstOf(_system, routees, _within);

    /// <summary>All routees get one reference to answer to, which takes one answer.</summary>
    private sealed class FirstOf(ActorSystemImpl system, Routee[] routees, TimeSpan within) : Routee
    {
        public override void Send(object message, IActorRef? sender)
        {
            var first = system.NewCompletion<object>();
            var answer = system.Provider.CreateFutureRef(first);
            answer.StartTimeout(system.Seams.Timers, within);
            foreach (var routee in routees)
            {
                routee.Send(message, answer);
            }
            first.Task.PipeTo(sender ?? system.DeadLetters);
        }
    }
}
