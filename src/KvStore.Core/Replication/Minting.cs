using KvStore.Core.Causality;
using KvStore.Core.Coordination;

namespace KvStore.Core.Replication;

/// <summary>
/// How a client's write changes the state of a key: what it supersedes, how it is stamped, and what a client may not do. Pure but
/// for the clock, which it advances.
/// </summary>
internal static class Minting
{
    /// <summary>The state after the write, under this dot; or why it is refused, with the state as it was.</summary>
    public static Refusal Apply(
        WriteRequest write, Dot dot, SiblingSet held, HybridClock clock, long wallMilliseconds, ReplicaOptions options,
        PlantedBugs bugs, out SiblingSet after)
    {
        after = held;
        var context = write.Context.Seen;
        if (ClaimsOwnFuture(context, dot))
            return Refusal.ContextFromFuture;
        if ((bugs & PlantedBugs.BlindWriteSupersedes) != 0 && context.IsEmpty)
            context = held.Context;
        var stamp = HybridTimestamp.None;
        if (write.Policy == ConflictPolicy.LastWriterWins)
        {
            clock.Observe(CausalContext.Of(held).Latest, wallMilliseconds);
            clock.Observe(write.Context.Latest, wallMilliseconds);
            stamp = clock.Next(wallMilliseconds);
        }

        if (write.Mode == WriteMode.Overwrite || write.Policy == ConflictPolicy.LastWriterWins)
            context = context.Join(held.Context);
        var version = (write.IsDelete ? Sibling.Tombstone(dot) : Sibling.OfValue(dot, write.Value))
            .With(write.Request, stamp, write.IsDelete ? 0 : write.ExpiresAt);
        after = held.Update(context, version);
        return Limit(held, after, options);
    }

    /// <summary>A write that makes an object smaller is never refused, however large it still is.</summary>
    private static Refusal Limit(SiblingSet held, SiblingSet after, ReplicaOptions options)
    {
        if (after.Count > options.MaxSiblings && after.Count > held.Count)
            return Refusal.TooManySiblings;
        return after.ValueBytes() > options.MaxObjectBytes && after.ValueBytes() > held.ValueBytes() ? Refusal.TooLarge : Refusal.None;
    }

    /// <summary>Whether a context knows dots that this incarnation has yet to mint: it comes from a history that was rolled back.</summary>
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
