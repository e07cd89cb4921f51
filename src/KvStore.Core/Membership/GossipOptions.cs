namespace KvStore.Core.Membership;

/// <summary>Timing of gossip and of failure detection.</summary>
public sealed record GossipOptions
{
    /// <summary>How often a node beats and gossips.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>To how many random peers each time.</summary>
    public int Fanout { get; init; } = 3;

    /// <summary>
    /// The suspicion at which a node counts as unreachable: 8 means that a silence like this happens once in 10^8 beats.
    /// </summary>
    public double PhiThreshold { get; init; } = 8.0;

    /// <summary>A silence that is nobody's fault (a garbage collection, a busy machine) and is taken off before judging.</summary>
    public TimeSpan AcceptablePause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The least spread of intervals assumed, so that very regular beats do not make the detector nervous.</summary>
    public TimeSpan MinDeviation { get; init; } = TimeSpan.FromMilliseconds(200);
}
