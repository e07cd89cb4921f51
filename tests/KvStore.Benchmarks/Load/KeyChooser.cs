using KvStore.Benchmarks.Engine;

namespace KvStore.Benchmarks.Load;

/// <summary>
/// Which key comes next: all alike, or by a zipfian law whose ranks are scattered over the keys (Gray et al., "Quickly Generating
/// Billion-Record Synthetic Databases", 1994, as YCSB does it). Owner: one connection.
/// </summary>
internal sealed class KeyChooser
{
    private const double Theta = 0.99;

    private readonly long _count;
    private readonly bool _isZipfian;
    private readonly double _zeta;
    private readonly double _alpha;
    private readonly double _eta;
    private BenchRandom _random;

    /// <param name="zeta">The sum of the law's weights (<see cref="Zeta"/>); costs a pass over all keys, so it is shared.</param>
    public KeyChooser(long count, bool isZipfian, double zeta, ulong seed)
    {
        (_count, _isZipfian, _zeta) = (count, isZipfian, zeta);
        _random = new BenchRandom(seed);
        _alpha = 1 / (1 - Theta);
        _eta = (1 - Math.Pow(2.0 / count, 1 - Theta)) / (1 - Zeta(2) / zeta);
    }

    public static double Zeta(long count)
    {
        double sum = 0;
        for (long i = 1; i <= count; i++) sum += Math.Pow(i, -Theta);
        return sum;
    }

    /// <summary>A number below a hundred, for what to do with the key.</summary>
    public int Percent() => (int)_random.Below(100);

    public long Next() => _isZipfian ? Scatter(Rank()) : _random.Below(_count);

    private long Rank()
    {
        var u = (_random.Next() >> 11) * (1.0 / (1L << 53));
        var uz = u * _zeta;
        if (uz < 1) return 0;
        if (uz < 1 + Math.Pow(0.5, Theta)) return 1;
        return Math.Min(_count - 1, (long)(_count * Math.Pow(_eta * u - _eta + 1, _alpha)));
    }

    private long Scatter(long rank)
    {
        var random = new BenchRandom((ulong)rank);
        return random.Below(_count);
    }
}
