namespace KvStore.Core.AntiEntropy;

/// <summary>Sizes and times of exchanges.</summary>
public sealed record ExchangeOptions
{
    /// <summary>
    /// How long after the first look differing leaves are looked at again: writes under way have arrived by then.
    /// </summary>
    public TimeSpan SecondLookAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most nodes whose children are asked for in one message (128 bytes of answer each).</summary>
    public int NodesPerMessage { get; init; } = 64;

    /// <summary>The most leaves whose keys are compared in one pass through the partition.</summary>
    public int LeavesPerPage { get; init; } = 2_000;

    /// <summary>The most keys that either side looks at for one message: leaves that have more are compared in pieces.</summary>
    public int KeysPerMessage { get; init; } = 4_000;

    /// <summary>The most states that are read for one message.</summary>
    public int StatesPerMessage { get; init; } = 32;

    /// <summary>About how many bytes of states go in one message, in bytes; a state that is larger goes alone.</summary>
    public long BytesPerMessage { get; init; } = 1L << 20;
}
