using KvStore.Core.Identity;

namespace KvStore.Core.Causality;

/// <summary>
/// The counters that an incarnation may put into dots. They are leased in blocks: a counter is given out only below an end
/// that is durable, so that a clean restart can go on from that end without having written each counter down.
/// Owned by one replica; not thread-safe.
/// <para>Invariants: (1) no counter is given out twice; (2) none is given out above the durable end; (3) a lease continues an
/// unbroken tenure only. After anything was lost a jump to the end would not do: the first new dot would claim the lost
/// ones, and their copies elsewhere would be dropped as known. Then a new incarnation begins, at 1.</para>
/// <para>The lease is Riak's answer to its issue kv679; the new incarnation is what makes it whole.</para>
/// </summary>
public sealed class CounterLease
{
    private ulong _next;
    private ulong _end;
    private ulong _asked;

    /// <param name="incarnation">Whose counters these are.</param>
    /// <param name="next">The first that may be given out: 1 for a new incarnation, else the end found at a clean start.</param>
    /// <param name="end">The last that may be given out; already durable.</param>
    /// <param name="block">How many counters are leased at a time.</param>
    public CounterLease(Incarnation incarnation, ulong next, ulong end, ulong block)
    {
        Invariant.Check(next > 0 && block > 1);
        (Incarnation, _next, _end, _asked, Block) = (incarnation, next, end, end, block);
    }

    /// <summary>Whose counters these are.</summary>
    public Incarnation Incarnation { get; }

    /// <summary>How many counters are leased at a time.</summary>
    public ulong Block { get; }

    /// <summary>The highest counter given out; 0 when none was.</summary>
    public ulong LastTaken => _next - 1;

    /// <summary>Gives out the next dot; false when the lease is used up and its extension not yet durable.</summary>
    public bool TryTake(out Dot dot)
    {
        dot = default;
        if (_next > _end)
            return false;
        dot = new Dot(Incarnation, _next++);
        return true;
    }

    /// <summary>
    /// Whether half the block is used and no extension is under way; <paramref name="end"/> is what to make durable.
    /// </summary>
    public bool NeedsExtension(out ulong end)
    {
        end = _end + Block;
        if (_asked > _end || _end + 1 - _next > Block / 2)
            return false;
        _asked = end;
        return true;
    }

    /// <summary>The new end is durable.</summary>
    public void OnExtended(ulong end)
    {
        Invariant.Check(end >= _end);
        _end = end;
    }
}
