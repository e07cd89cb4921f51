using KvStore.Storage.Format;
using KvStore.Storage.Scheduling;

namespace KvStore.Storage;

/// <summary>The sequence numbers at which somebody may still read, and since when. Thread-safe. Each costs a few words of memory; what it
/// costs on disk is what it keeps from being merged away.</summary>
internal sealed class Snapshots(IEngineScheduler scheduler)
{
    private readonly SortedDictionary<SequenceNumber, (int Holders, TimeSpan Since)> _live = [];
    private int _forgotten;

    internal int Count
    {
        get
        {
            lock (_live)
                return _live.Values.Sum(live => live.Holders);
        }
    }

    /// <summary>Snapshots that were never disposed and that the garbage collector has found.</summary>
    internal int Forgotten => Volatile.Read(ref _forgotten);

    /// <summary>How long the oldest has been held; zero: there is none.</summary>
    internal TimeSpan OldestAge
    {
        get
        {
            lock (_live)
                return _live.Count == 0 ? TimeSpan.Zero : scheduler.Now - _live.First().Value.Since;
        }
    }

    /// <summary>The oldest number held; null: there is none.</summary>
    internal SequenceNumber? Oldest
    {
        get
        {
            lock (_live)
                return _live.Count == 0 ? null : _live.First().Key;
        }
    }

    /// <summary>Registers the number that <paramref name="now"/> gives: compactions that begin later keep what it sees.</summary>
    internal SequenceNumber Take(Func<SequenceNumber> now)
    {
        lock (_live)
        {
            SequenceNumber sequence = now();
            (int holders, TimeSpan since) = _live.GetValueOrDefault(sequence, (0, scheduler.Now));
            _live[sequence] = (holders + 1, since);
            return sequence;
        }
    }

    internal void Release(SequenceNumber sequence, bool forgotten)
    {
        lock (_live)
        {
            (int holders, TimeSpan since) = _live[sequence];
            if (holders == 1)
                _live.Remove(sequence);
            else
                _live[sequence] = (holders - 1, since);
            if (forgotten)
                _forgotten++;
        }
    }

    /// <summary>The live numbers and the newest visible one, ascending: what a compaction has to keep readable.</summary>
    internal SequenceNumber[] With(Func<SequenceNumber> visible)
    {
        lock (_live)
        {
            SequenceNumber now = visible();
            return [.. _live.Keys.Where(sequence => sequence < now), now];
        }
    }
}
