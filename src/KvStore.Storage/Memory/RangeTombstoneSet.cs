using KvStore.Storage.Format;

namespace KvStore.Storage.Memory;

/// <summary>
/// Range tombstones cut into fragments that do not overlap, so that "what covers this key" is one binary search. Immutable.
///
/// 1. Fragments are in order of their keys and disjoint.
/// 2. The sequence numbers of a fragment descend; there is at least one.
/// </summary>
internal sealed class RangeTombstoneSet
{
    internal static readonly RangeTombstoneSet Empty = new([]);
    private readonly Fragment[] _fragments;

    private RangeTombstoneSet(Fragment[] fragments) => _fragments = fragments;

    internal IReadOnlyList<Fragment> Fragments => _fragments;

    internal bool IsEmpty => _fragments.Length == 0;

    internal static RangeTombstoneSet Of(IReadOnlyCollection<RangeTombstone> tombstones)
    {
        if (tombstones.Count == 0)
            return Empty;
        byte[][] cuts = [.. tombstones.SelectMany(t => new[] { t.Begin, t.End }).Order(ByteOrder.Instance)
            .Distinct(ByteOrder.Instance)];
        RangeTombstone[] byBegin = [.. tombstones.OrderBy(t => t.Begin, ByteOrder.Instance)];
        var fragments = new List<Fragment>();
        var active = new List<RangeTombstone>();
        int next = 0;
        for (int i = 0; i + 1 < cuts.Length; i++)
        {
            byte[] cut = cuts[i];
            active.RemoveAll(t => ByteOrder.Instance.Compare(t.End, cut) <= 0);
            while (next < byBegin.Length && ByteOrder.Instance.Compare(byBegin[next].Begin, cut) <= 0)
                active.Add(byBegin[next++]);
            if (active.Count > 0)
                fragments.Add(new Fragment(cut, cuts[i + 1], [.. active.Select(t => t.Sequence).Distinct().OrderDescending()]));
        }

        return new RangeTombstoneSet([.. fragments]);
    }

    /// <summary>The newest tombstone over the key that a read at <paramref name="snapshot"/> sees; zero: none.</summary>
    internal SequenceNumber Covering(ReadOnlySpan<byte> userKey, SequenceNumber snapshot)
    {
        int at = Find(userKey);
        if (at < 0)
            return SequenceNumber.Zero;
        foreach (SequenceNumber sequence in _fragments[at].Sequences)
        {
            if (sequence <= snapshot)
                return sequence;
        }

        return SequenceNumber.Zero;
    }

    /// <summary>Is there a tombstone over the key that is newer than <paramref name="written"/> and not newer than
    /// <paramref name="limit"/>?</summary>
    internal bool Hides(ReadOnlySpan<byte> userKey, SequenceNumber written, SequenceNumber limit)
    {
        return Covering(userKey, limit) > written;
    }

    private int Find(ReadOnlySpan<byte> userKey)
    {
        int low = 0, high = _fragments.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (userKey.SequenceCompareTo(_fragments[middle].Begin) < 0)
                high = middle;
            else
                low = middle + 1;
        }

        int at = low - 1;
        return at >= 0 && userKey.SequenceCompareTo(_fragments[at].End) < 0 ? at : -1;
    }

    internal readonly record struct Fragment(byte[] Begin, byte[] End, SequenceNumber[] Sequences);
}
