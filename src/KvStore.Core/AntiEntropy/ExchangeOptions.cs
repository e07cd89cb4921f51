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

    /// <summary>About how many keys are listed in one message.</summary>
    public int KeysPerPage { get; init; } = 2_000;

    /// <summary>The most states in one message.</summary>
    public int StatesPerMessage { get; init; } = 32;
}
