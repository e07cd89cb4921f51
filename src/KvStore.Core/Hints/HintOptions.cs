namespace KvStore.Core.Hints;

/// <summary>How long hints are kept, how many, and how fast they are delivered.</summary>
public sealed record HintOptions
{
    /// <summary>For how long an owner may be away before its hints are given up and anti-entropy takes over.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(3);

    /// <summary>How many bytes of states are kept for others, at most.</summary>
    public long MaxBytes { get; init; } = 20L << 30;

    /// <summary>How many hints are kept, at most; each takes about 200 bytes of memory.</summary>
    public int MaxHints { get; init; } = 2_000_000;

    /// <summary>How many hints are on their way at once, to all owners together.</summary>
    public int MaxInFlight { get; init; } = 256;

    /// <summary>How many hints one owner is asked to take at once.</summary>
    public int MaxAsk { get; init; } = 64;
}
