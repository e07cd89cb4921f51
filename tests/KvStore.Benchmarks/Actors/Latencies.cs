using System.Diagnostics;

namespace KvStore.Benchmarks.Actors;

/// <summary>Times of single operations, recorded by one thread at a time.</summary>
internal sealed class Latencies
{
    private const int Most = 4_000_000;

    private readonly long[] _ticks = new long[Most];
    private int _count;
    private volatile bool _started;

    internal void Start() => _started = true;

    internal void Record(long startedAt)
    {
        if (_started && _count < Most)
            _ticks[_count++] = Stopwatch.GetTimestamp() - startedAt;
    }

    /// <summary>In microseconds.</summary>
    internal double? Percentile(double fraction)
    {
        var count = Volatile.Read(ref _count);
        if (count == 0)
            return null;
        var sorted = _ticks.AsSpan(0, count).ToArray();
        Array.Sort(sorted);
        return sorted[(int)Math.Min(count - 1, fraction * count)] * 1e6 / Stopwatch.Frequency;
    }
}
