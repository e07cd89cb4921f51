using KvStore.Storage.Format;

namespace KvStore.Storage;

/// <summary>The sequence numbers at which somebody may still read. Thread-safe.</summary>
internal sealed class Snapshots
{
    private readonly SortedDictionary<SequenceNumber, int> _live = [];

    internal int Count
    {
        get
        {
            lock (_live)
                return _live.Count;
        }
    }

    /// <summary>Registers the number that <paramref name="now"/> gives: compactions that begin later keep what it sees.</summary>
    internal SequenceNumber Take(Func<SequenceNumber> now)
    {
        lock (_live)
        {
            SequenceNumber sequence = now();
            _live[sequence] = _live.GetValueOrDefault(sequence) + 1;
            return sequence;
        }
    }

    internal void Release(SequenceNumber sequence)
    {
        lock (_live)
        {
            if (--_live[sequence] == 0)
                _live.Remove(sequence);
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
