using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Memory;

namespace KvStore.Storage.Compactions;

/// <summary>
/// Says which entries of a sorted stream must be kept. An entry goes when no read can see it any more:
/// 1. a newer entry of the same key is seen by every snapshot that would see this one;
/// 2. a range tombstone is, likewise;
/// 3. it is a tombstone, every snapshot sees it, and no deeper table holds the key.
/// </summary>
internal sealed class EntryFilter
{
    private readonly SequenceNumber[] _snapshots;
    private readonly RangeTombstoneSet _ranges;
    private readonly DeeperTables? _deeper;
    private byte[] _userKey = new byte[64];
    private int _length = -1;
    private SequenceNumber _stripe;

    /// <param name="snapshots">Ascending; the last is the newest visible number.</param>
    /// <param name="ranges">All range tombstones of the stream.</param>
    /// <param name="deeper">The tables below the output; null: tombstones are always kept.</param>
    internal EntryFilter(SequenceNumber[] snapshots, RangeTombstoneSet ranges, DeeperTables? deeper)
    {
        _snapshots = snapshots;
        _ranges = ranges;
        _deeper = deeper;
    }

    internal bool Keep(ReadOnlySpan<byte> internalKey)
    {
        ReadOnlySpan<byte> userKey = InternalKey.UserKey(internalKey);
        SequenceNumber sequence = InternalKey.Sequence(internalKey);
        SequenceNumber stripe = StripeOf(sequence);
        if (_length == userKey.Length && userKey.SequenceEqual(_userKey.AsSpan(0, _length)))
        {
            if (stripe == _stripe)
                return false;
        }
        else
            Remember(userKey);

        _stripe = stripe;
        if (!_ranges.IsEmpty && _ranges.Covering(userKey, stripe) > sequence)
            return false;
        return InternalKey.Kind(internalKey) != ValueKind.Delete || _deeper is null || sequence > _snapshots[0]
            || _deeper.MayHold(userKey);
    }

    /// <summary>The range tombstones that must be kept, cut into disjoint pieces, in order.</summary>
    internal List<RangeTombstone> KeptRanges()
    {
        var kept = new List<RangeTombstone>();
        foreach (RangeTombstoneSet.Fragment fragment in _ranges.Fragments)
        {
            SequenceNumber? stripe = null;
            foreach (SequenceNumber sequence in fragment.Sequences)
            {
                SequenceNumber here = StripeOf(sequence);
                if (stripe == here)
                    continue;
                stripe = here;
                if (_deeper is null || sequence > _snapshots[0] || _deeper.MayHold(fragment.Begin, fragment.End))
                    kept.Add(new RangeTombstone(fragment.Begin, fragment.End, sequence));
            }
        }

        return kept;
    }

    /// <summary>The oldest snapshot that sees the number; all numbers with the same one are the same to every reader.</summary>
    private SequenceNumber StripeOf(SequenceNumber sequence)
    {
        foreach (SequenceNumber snapshot in _snapshots)
        {
            if (sequence <= snapshot)
                return snapshot;
        }

        return SequenceNumber.Max;
    }

    private void Remember(ReadOnlySpan<byte> userKey)
    {
        if (userKey.Length > _userKey.Length)
            _userKey = new byte[userKey.Length * 2];
        userKey.CopyTo(_userKey);
        _length = userKey.Length;
    }
}
