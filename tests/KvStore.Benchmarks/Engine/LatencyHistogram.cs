using System.Numerics;

namespace KvStore.Benchmarks.Engine;

/// <summary>
/// Times of operations in nanoseconds, in buckets of which each power of two has 32: a percentile is off by at most 3 %. One
/// thread records; <see cref="Add(LatencyHistogram)"/> joins those of several. Recording allocates nothing.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 5;
    private const int Steps = 1 << StepBits;

    private readonly long[] _buckets = new long[(64 - StepBits + 1) * Steps];

    public long Count { get; private set; }

    public long Max { get; private set; }

    public void Add(long nanoseconds)
    {
        Max = Math.Max(Max, nanoseconds);
        _buckets[BucketOf((ulong)Math.Max(0, nanoseconds))]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _buckets.Length; i++)
            _buckets[i] += other._buckets[i];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The time that a share of all operations took at most.</summary>
    public long Percentile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(Count * share));
        long seen = 0;
        for (int bucket = 0; bucket < _buckets.Length; bucket++)
        {
            seen += _buckets[bucket];
            if (seen >= rank)
                return Math.Min(Max, UpperEnd(bucket));
        }
        return Max;
    }

    /// <summary>The buckets that hold anything: the longest time of each in nanoseconds, and how many.</summary>
    public IEnumerable<(long UpTo, long Count)> Buckets() =>
        _buckets.Select((count, bucket) => (UpperEnd(bucket), count)).Where(bucket => bucket.count > 0);

    /// <summary>The same by powers of two, from the first to the last that holds anything.</summary>
    public IEnumerable<(long UpTo, long Count)> Doublings() =>
        Buckets().GroupBy(bucket => BitOperations.Log2((ulong)bucket.UpTo | 1))
            .Select(power => ((2L << power.Key) - 1, power.Sum(bucket => bucket.Count)));

    // Below 32 each number has its bucket; above, the position of the top bit and the five bits after it.
    private static int BucketOf(ulong value)
    {
        int shift = Math.Max(0, BitOperations.Log2(value | 1) - StepBits);
        return shift * Steps + (int)(value >> shift);
    }

    private static long UpperEnd(int bucket)
    {
        int shift = Math.Max(0, bucket / Steps - 1);
        return ((long)(bucket - shift * Steps + 1) << shift) - 1;
    }
}
