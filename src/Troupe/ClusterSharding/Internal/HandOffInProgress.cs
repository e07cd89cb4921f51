using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>
/// One shard on its way from a region: first all regions forget where it lives, then the region that has it stops it.
/// <para>Owner: <see cref="CoordinatorMachine"/>.</para>
/// </summary>
internal sealed class HandOffInProgress(string shard, IActorRef from, IEnumerable<IActorRef> regions, long attempt)
{
    private readonly SortedSet<IActorRef> _remembering = new(regions, ShardHomes.ByPath.Instance);

    public string Shard { get; } = shard;

    public IActorRef From { get; } = from;

    /// <summary>Tells the timers of two hand-offs of the same shard apart.</summary>
    public long Attempt { get; } = attempt;

    /// <summary>The region has been told to stop the shard: from here there is no way back.</summary>
    public bool IsStopping { get; private set; }

    public IReadOnlyCollection<IActorRef> Remembering => _remembering;

    /// <summary>True when this was the last region that remembered: the shard may be stopped now.</summary>
    public bool OnForgotten(IActorRef region)
    {
        _remembering.Remove(region);
        if (IsStopping || _remembering.Count > 0) return false;
        IsStopping = true;
        return true;
    }
}
