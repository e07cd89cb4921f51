namespace KvStore.Core.Causality;

/// <summary>
/// The 64-bit mixing that state hashes are made of. Every replica must compute the same numbers for the same state, so this
/// never changes: a change would make every exchange of a mixed cluster find every key different.
/// The finalizer is that of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
/// </summary>
internal static class Mix64
{
    /// <summary>A bijection of 64 bits in which each input bit flips about half of the output bits.</summary>
    public static ulong Finish(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>Folds one more word into a running hash; the order of the words matters.</summary>
    public static ulong Fold(ulong hash, ulong word) => Finish((hash ^ word) + 0x9E3779B97F4A7C15);

    /// <summary>Folds a dot into a running hash.</summary>
    public static ulong Fold(ulong hash, Dot dot)
    {
        hash = Fold(hash, dot.Incarnation.Node.High);
        hash = Fold(hash, dot.Incarnation.Node.Low);
        hash = Fold(hash, dot.Incarnation.Tenure);
        return Fold(hash, dot.Counter);
    }
}
