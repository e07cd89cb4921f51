using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>
/// How clients' writes change the state of a key: what they supersede, how they are stamped, what a client may not do, and that a
/// repeated one is applied once. Owned by one <see cref="Replica"/>; not thread-safe.
/// </summary>
internal sealed class ClientWrites(ReplicaOptions options)
{
    private readonly RecentRequests _recent = new(options.RememberedRequests, options.RememberRequestsFor);
    private readonly HybridClock _clock = new(HybridTimestamp.None);

    /// <summary>A state came, to be merged: its requests and those of what it may supersede are remembered, its stamps observed.</summary>
    public void Observe(SiblingSet held, SiblingSet arriving, ReplicaTime time)
    {
        _recent.Remember(held, time.Now);
        _recent.Remember(arriving, time.Now);
        if (SiblingView.Latest(arriving) is { } latest)
            _clock.Observe(latest.Timestamp, time.WallMilliseconds);
    }

    /// <summary>Forgets the requests: what was seen may not have been stored.</summary>
    public void Forget() => _recent.Clear();

    /// <summary>Applies a write: its dot, new or of an earlier try, and the state after it; or why it is refused.</summary>
    public Refusal Apply(
        WriteRequest write, SiblingSet held, ReplicaTenure tenure, SeenEvents seen, ReplicaTime time, PlantedBugs bugs,
        out Dot dot, out SiblingSet after)
    {
        after = held;
        if (IsRepeated(write.Request, held, out dot) && (bugs & PlantedBugs.RetryMintsAgain) == 0)
            return held.Context.Covers(dot) || seen.Covers(dot) ? Refusal.None : Refusal.HandedOn;
        if (!tenure.TryMint(out dot))
            return Refusal.NotReady;
        var refusal = Mint(write, dot, held, time, bugs, out after);
        if (refusal != Refusal.None)
            return refusal;
        _recent.Remember(held, time.Now);
        _recent.Remember(after, time.Now);
        return Refusal.None;
    }

    private bool IsRepeated(RequestId request, SiblingSet held, out Dot earlier)
    {
        if (SiblingView.FindRequest(held, request) is not { } sibling)
            return _recent.TryFind(request, out earlier);
        earlier = sibling.Dot;
        return true;
    }

    private Refusal Mint(WriteRequest write, Dot dot, SiblingSet held, ReplicaTime time, PlantedBugs bugs, out SiblingSet after)
    {
        after = held;
        var context = write.Context.Seen;
        if (ClaimsOwnFuture(context, dot))
            return Refusal.ContextFromFuture;
        if ((bugs & PlantedBugs.BlindWriteSupersedes) != 0 && context.IsEmpty)
            context = held.Context;
        _clock.Observe(CausalContext.Of(held).Latest, time.WallMilliseconds);
        _clock.Observe(write.Context.Latest, time.WallMilliseconds);
        var stamp = _clock.Next(time.WallMilliseconds);
        if (write.Mode == WriteMode.Overwrite || write.Policy == ConflictPolicy.LastWriterWins)
            context = context.Join(held.Context);
        var version = (write.IsDelete ? Sibling.Tombstone(dot) : Sibling.OfValue(dot, write.Value))
            .With(write.Request, stamp, write.IsDelete ? 0 : write.ExpiresAt);
        after = held.Update(context, version);
        return Limit(held, after);
    }

    /// <summary>A write that makes an object smaller is never refused, however large it still is.</summary>
    private Refusal Limit(SiblingSet held, SiblingSet after)
    {
        if (after.Count > options.MaxSiblings && after.Count > held.Count)
            return Refusal.TooManySiblings;
        var isLarger = after.ValueBytes() > held.ValueBytes();
        return isLarger && after.ValueBytes() > options.MaxObjectBytes ? Refusal.TooLarge : Refusal.None;
    }

    /// <summary>
    /// Whether a context knows dots that this incarnation has yet to mint: it comes from a history that was rolled back.
    /// </summary>
    private static bool ClaimsOwnFuture(VersionVector context, Dot dot)
    {
        foreach (ref readonly var entry in context.Entries)
        {
            if (entry.Incarnation.Node == dot.Incarnation.Node && entry >= dot)
                return true;
        }

        return false;
    }
}
