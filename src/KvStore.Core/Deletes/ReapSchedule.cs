using KvStore.Core.Identity;

namespace KvStore.Core.Deletes;

/// <summary>
/// When this node forgets the deleted keys of which partition. Owned by one driver; not thread-safe.
/// <para>Invariants: (1) never more than the limit under way; (2) a partition is under way at most once; (3) what has not ended when the
/// patience is over is under way no more: whoever ran it may have forgotten it.</para>
/// </summary>
public sealed class ReapSchedule
{
    private readonly TimeSpan _interval;
    private readonly TimeSpan _patience;
    private readonly int _limit;
    private readonly Dictionary<PartitionId, TimeSpan> _due = [];
    private readonly Dictionary<PartitionId, TimeSpan> _underWay = [];

    /// <param name="interval">How often each partition's are forgotten, give or take a quarter.</param>
    /// <param name="patience">After how long a round that nobody has ended is given up: longer than any should take.</param>
    /// <param name="limit">How many may be under way.</param>
    public ReapSchedule(TimeSpan interval, TimeSpan patience, int limit)
    {
        Invariant.Check(interval > TimeSpan.Zero && patience > TimeSpan.Zero && limit > 0);
        (_interval, _patience, _limit) = (interval, patience, limit);
    }

    /// <summary>
    /// The ring has changed: these are the partitions now. New ones come within one interval, spread by <paramref name="random"/> (0 to 1).
    /// </summary>
    public void OnPartitions(IEnumerable<PartitionId> partitions, TimeSpan now, Func<double> random)
    {
        var wanted = partitions.ToHashSet();
        foreach (var gone in _due.Keys.Where(partition => !wanted.Contains(partition)).ToList())
            _due.Remove(gone);
        foreach (var partition in wanted.Order())
            _due.TryAdd(partition, now + _interval * random());
    }

    /// <summary>A partition is due at once, if it is one of them.</summary>
    public void Hasten(PartitionId partition, TimeSpan now)
    {
        if (_due.TryGetValue(partition, out var due) && due > now)
            _due[partition] = now;
    }

    /// <summary>The partition to begin with now, the longest due first; null when none is or the limit is reached.</summary>
    public PartitionId? TakeDue(TimeSpan now)
    {
        foreach (var lost in _underWay.Where(entry => now - entry.Value >= _patience).Select(entry => entry.Key).ToList())
            _underWay.Remove(lost);
        if (_underWay.Count >= _limit)
            return null;
        (TimeSpan Due, PartitionId Partition)? first = null;
        foreach (var (partition, due) in _due)
        {
            if (due <= now && !_underWay.ContainsKey(partition) && (first is null || (due, partition).CompareTo(first.Value) < 0))
                first = (due, partition);
        }

        if (first is not { } taken)
            return null;
        _underWay.Add(taken.Partition, now);
        _due[taken.Partition] = taken.Due + _interval;
        return taken.Partition;
    }

    /// <summary>A round has ended; <paramref name="random"/> (0 to 1) spreads the next.</summary>
    public void OnEnded(PartitionId partition, TimeSpan now, double random)
    {
        _underWay.Remove(partition);
        if (_due.ContainsKey(partition))
            _due[partition] = now + _interval * (0.75 + random / 2);
    }
}
