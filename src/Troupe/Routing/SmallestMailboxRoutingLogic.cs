using Akka.Actor;

namespace Akka.Routing;

/// <summary>
/// The routee of this process with the fewest messages queued; equals take turns. A routee elsewhere, whose queue cannot be seen, is
/// chosen only when there is no other.
/// </summary>
public sealed class SmallestMailboxRoutingLogic : RoutingLogic
{
    private int _next;

    public SmallestMailboxRoutingLogic()
        : this(-1)
    {
    }

    public SmallestMailboxRoutingLogic(int next) => _next = next;

    public override Routee Select(object message, Routee[] routees)
    {
        if (routees.Length == 0)
        {
            return Routee.NoRoutee;
        }
        var start = (uint)Interlocked.Increment(ref _next);
        Routee? best = null;
        var fewest = int.MaxValue;
        for (uint i = 0; i < routees.Length; i++)
        {
            var routee = routees[(start + i) % (uint)routees.Length];
            var queued = routee is ActorRefRoutee { Actor: LocalActorRef { IsTerminated: false } local }
                ? local.Cell.NumberOfMessages
                : int.MaxValue;
            if (best is null || queued < fewest)
            {
                (best, fewest) = (routee, queued);
            }
        }
        return best!;
    }
}
