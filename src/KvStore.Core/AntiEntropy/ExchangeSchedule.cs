using KvStore.Core.Identity;

namespace KvStore.Core.AntiEntropy;

/// <summary>
/// When this node exchanges which partition with whom. Every replica starts its own exchanges; ranges marked dirty come first.
/// Owned by one driver; not thread-safe.
/// <para>Invariants: (1) never more than the limit under way; (2) a pair is under way at most once; (3) a pair that fails is
/// tried again soon, and later and later while it goes on failing; (4) a mark stays until an exchange that began after it is complete; (5) who
/// cannot be reached is not tried, and is due the moment that it can be; (6) what has not ended when the patience is over has failed: whoever
/// ran it may have forgotten it.</para>
/// </summary>
public sealed class ExchangeSchedule
{
    private readonly TimeSpan _interval;
    private readonly TimeSpan _retryAfter;
    private readonly TimeSpan _patience;
    private readonly int _limit;
    private readonly Dictionary<ExchangePair, Entry> _entries = [];
    private int _underWay;

    /// <param name="interval">How often a pair is compared, give or take a quarter.</param>
    /// <param name="retryAfter">How soon a failed one is tried again; doubled with each failure, at most to the interval.</param>
    /// <param name="patience">After how long one that nobody has ended is given up: longer than any should take.</param>
    /// <param name="limit">How many may be under way.</param>
    public ExchangeSchedule(TimeSpan interval, TimeSpan retryAfter, TimeSpan patience, int limit)
    {
        Invariant.Check(interval > TimeSpan.Zero && retryAfter > TimeSpan.Zero && patience > TimeSpan.Zero && limit > 0);
        (_interval, _retryAfter, _patience, _limit) = (interval, retryAfter, patience, limit);
    }

    /// <summary>How many pairs there are.</summary>
    public int Count => _entries.Count;

    /// <summary>
    /// The ring has changed: these are the pairs now. New ones come within one interval, spread by <paramref name="random"/> (0
    /// to 1).
    /// </summary>
    public void OnPairs(IEnumerable<ExchangePair> pairs, TimeSpan now, Func<double> random)
    {
        var wanted = pairs.ToHashSet();
        foreach (var gone in _entries.Keys.Where(pair => !wanted.Contains(pair)).ToArray())
        {
            _underWay -= _entries[gone].IsUnderWay ? 1 : 0;
            _entries.Remove(gone);
        }

        foreach (var pair in wanted.Order())
            _entries.TryAdd(pair, new Entry { Due = now + _interval * random() });
    }

    /// <summary>The peer may lack writes in this partition: it is due at once.</summary>
    public void MarkDirty(ExchangePair pair, TimeSpan now)
    {
        if (_entries.TryGetValue(pair, out var entry))
            (entry.IsDirty, entry.IsMarkedAgain, entry.Due) = (true, entry.IsUnderWay, entry.Due < now ? entry.Due : now);
    }

    /// <summary>
    /// The pair to begin with now, dirty ones before others, the longest due first; null when none is or the limit is reached.
    /// </summary>
    public ExchangePair? TakeDue(TimeSpan now, Func<NodeId, bool> isReachable)
    {
        if (_underWay > 0)
            GiveUp(now);
        if (_underWay >= _limit)
            return null;
        ExchangePair? best = null;
        foreach (var (pair, entry) in _entries)
        {
            if (entry.IsUnderWay || entry.Due > now || !isReachable(pair.Peer))
                continue;
            if (best is null || Order(pair, entry).CompareTo(Order(best.Value, _entries[best.Value])) < 0)
                best = pair;
        }

        if (best is not { } taken)
            return null;
        _underWay++;
        (_entries[taken].IsUnderWay, _entries[taken].IsMarkedAgain, _entries[taken].Began) = (true, false, now);
        return taken;
    }

    /// <summary>An exchange has ended; <paramref name="random"/> (0 to 1) spreads the next.</summary>
    public void OnEnded(ExchangePair pair, bool complete, TimeSpan now, double random)
    {
        if (!_entries.TryGetValue(pair, out var entry) || !entry.IsUnderWay)
            return;
        _underWay--;
        entry.IsUnderWay = false;
        entry.IsDirty &= !complete || entry.IsMarkedAgain;
        entry.Failures = complete ? 0 : Math.Min(entry.Failures + 1, 16);
        var wait = complete ? _interval : _retryAfter * (1 << entry.Failures) / 2;
        if (wait > _interval)
            wait = _interval;
        entry.Due = entry.IsMarkedAgain ? now : now + wait * (0.75 + random / 2);
    }

    private void GiveUp(TimeSpan now)
    {
        foreach (var (pair, entry) in _entries)
            if (entry.IsUnderWay && now - entry.Began >= _patience)
                OnEnded(pair, complete: false, now, random: 0.5);
    }

    private static (int, TimeSpan, ExchangePair) Order(ExchangePair pair, Entry entry) =>
        (entry.IsDirty ? 0 : 1, entry.Due, pair);

    private sealed class Entry
    {
        public TimeSpan Due { get; set; }

        public bool IsDirty { get; set; }

        public bool IsUnderWay { get; set; }

        /// <summary>The last time; of no meaning before the first.</summary>
        public TimeSpan Began { get; set; }

        /// <summary>Marked while an exchange was under way, which may not have seen why.</summary>
        public bool IsMarkedAgain { get; set; }

        public int Failures { get; set; }
    }
}
