namespace Troupe.Simulation;

/// <summary>
/// The only source of chance in a simulation: xoshiro256** (Blackman, Vigna 2018), its state filled from the seed by splitmix64.
/// The same seed gives the same numbers on every machine and in every version of this project.
/// <para>Thread rule: the simulation's thread.</para>
/// </summary>
public sealed class SimulationRandom
{
    private ulong _s0, _s1, _s2, _s3;

    public SimulationRandom(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    public ulong NextUInt64()
    {
        var result = ulong.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = ulong.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, <paramref name="exclusiveMax"/>).</summary>
    public int Next(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        return (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMax, out _);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with that probability. Draws nothing for 0 and 1.</summary>
    public bool Chance(double probability) => probability >= 1 || (probability > 0 && NextDouble() < probability);

    /// <summary>Uniform in [<paramref name="least"/>, <paramref name="most"/>].</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) =>
        least >= most ? least : least + TimeSpan.FromTicks((long)(NextDouble() * (most - least).Ticks));

    /// <summary>Exponentially distributed, cut at twenty times the mean.</summary>
    public TimeSpan Exponential(TimeSpan mean) =>
        TimeSpan.FromTicks((long)(mean.Ticks * Math.Min(20, -Math.Log(1 - NextDouble()))));

    /// <summary>An independent source for one purpose: what one purpose draws does not move what another one gets.</summary>
    public SimulationRandom Fork(string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        var hash = _s0 ^ ulong.RotateLeft(_s3, 32);
        foreach (var c in purpose) hash = (hash ^ c) * 0x100000001B3;
        return new SimulationRandom(hash);
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
