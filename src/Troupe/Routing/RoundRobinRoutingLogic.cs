namespace Akka.Routing;

/// <summary>One after the other. Several senders at once share the turns.</summary>
public sealed class RoundRobinRoutingLogic : RoutingLogic
{
    private int _next;

    public RoundRobinRoutingLogic()
        : this(-1)
    {
    }

    /// <summary>Begins behind the routee of index <paramref name="next"/>.</summary>
    public RoundRobinRoutingLogic(int next) => _next = next;

    public override Routee Select(object message, Routee[] routees) =>
        routees.Length == 0 ? Routee.NoRoutee : routees[(int)((uint)Interlocked.Increment(ref _next) % (uint)routees.Length)];
}
