using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>
/// Who mints for a replica: its incarnation and counters, and which of the dots given out are stored. Owned by one
/// <see cref="Replica"/>; not thread-safe.
/// <para>Invariant: between the end of one incarnation and the durable beginning of the next no dot is given out.</para>
/// </summary>
internal sealed class ReplicaTenure(ulong leaseBlock)
{
    private readonly SortedDictionary<long, ulong> _mintedBefore = [];
    private CounterLease? _lease;
    private bool _asked;

    /// <summary>The incarnation; null between two.</summary>
    public Incarnation? Current => _lease?.Incarnation;

    /// <summary>The last counter given out; 0 when none was.</summary>
    public ulong LastMinted => _lease?.LastTaken ?? 0;

    /// <summary>The last dot given out; default when none was.</summary>
    public Dot LastDot => _lease is { LastTaken: > 0 } lease ? new Dot(lease.Incarnation, lease.LastTaken) : default;

    /// <summary>An incarnation goes on, or begins, with this counter, leased to this end.</summary>
    public void Begin(Incarnation incarnation, ulong next, ulong end)
    {
        Invariant.Check(_lease is null || incarnation > _lease.Incarnation);
        (_asked, _lease) = (false, new CounterLease(incarnation, next, end, leaseBlock));
    }

    /// <summary>Gives out a dot; false when the lease is used up.</summary>
    public bool TryMint(out Dot dot)
    {
        dot = default;
        return _lease is not null && _lease.TryTake(out dot);
    }

    /// <summary>The lease has a new durable end; false when it was another incarnation's.</summary>
    public bool OnExtended(Incarnation incarnation, ulong end)
    {
        if (_lease?.Incarnation != incarnation)
            return false;
        _lease.OnExtended(end);
        return true;
    }

    /// <summary>A store was issued; before it this was the last counter given out.</summary>
    public void OnIssued(StoreTicket ticket, ulong mintedBefore)
    {
        if (LastMinted > mintedBefore)
            _mintedBefore.Add(ticket.Value, mintedBefore);
    }

    /// <summary>A store is done.</summary>
    public void OnStored(StoreTicket ticket) => _mintedBefore.Remove(ticket.Value);

    /// <summary>Earlier origins, and the own incarnation up to its last dot before which all are stored.</summary>
    public VersionVector Origins(VersionVector earlier)
    {
        if (_lease is null)
            return earlier;
        var stored = _mintedBefore.Count > 0 ? _mintedBefore.First().Value : _lease.LastTaken;
        return stored == 0 ? earlier : earlier.With(new Dot(_lease.Incarnation, stored));
    }

    /// <summary>Ends the incarnation.</summary>
    public void End()
    {
        _lease = null;
        _mintedBefore.Clear();
    }

    /// <summary>Asks for the next incarnation, once.</summary>
    public void Ask(List<ReplicaEffect> effects)
    {
        if (_asked)
            return;
        _asked = true;
        effects.Add(new ReplicaEffect.BeginTenure(leaseBlock));
    }

    /// <summary>Asks for more counters when half of the lease is used.</summary>
    public void Extend(List<ReplicaEffect> effects)
    {
        if (_lease is not null && _lease.NeedsExtension(out var end))
            effects.Add(new ReplicaEffect.ExtendLease(_lease.Incarnation, end));
    }
}
