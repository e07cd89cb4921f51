namespace KvStore.Storage;

/// <summary>What an iterator walks over. The default is everything there is now.</summary>
public sealed record IterateOptions
{
    /// <summary>The first key that may be met; null: no bound.</summary>
    public byte[]? LowerBound { get; init; }

    /// <summary>The first key that may no longer be met; null: no bound.</summary>
    public byte[]? UpperBound { get; init; }

    /// <summary>Only keys that begin so. Narrows the bounds.</summary>
    public byte[]? Prefix { get; init; }

    /// <summary>Read at this moment; null: now.</summary>
    public StoreSnapshot? Snapshot { get; init; }

    /// <summary>Keep the blocks read in the block cache. Say no for a long walk that is not soon repeated.</summary>
    public bool FillCache { get; init; } = true;

    internal (byte[]? Lower, byte[]? Upper) Bounds()
    {
        if (Prefix is null)
            return (LowerBound, UpperBound);
        byte[]? after = AfterPrefix(Prefix);
        byte[] lower = LowerBound.AsSpan().SequenceCompareTo(Prefix) > 0 ? LowerBound! : Prefix;
        byte[]? upper = after is null
            || (UpperBound is not null && UpperBound.AsSpan().SequenceCompareTo(after) < 0) ? UpperBound : after;
        return (lower, upper);
    }

    /// <summary>The first key that does not begin so any more; null: there is none.</summary>
    private static byte[]? AfterPrefix(byte[] prefix)
    {
        int last = prefix.AsSpan().LastIndexOfAnyExcept((byte)0xFF);
        if (last < 0)
            return null;
        byte[] after = prefix[..(last + 1)];
        after[last]++;
        return after;
    }
}
