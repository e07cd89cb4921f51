namespace KvStore.Core.Hints;

/// <summary>How fast a node that was away takes in what was kept for it, from all others together.</summary>
public sealed record HintAdmissionOptions
{
    /// <summary>Bytes a second to begin with.</summary>
    public long StartRate { get; init; } = 1L << 20;

    /// <summary>The least, so that delivery always goes on.</summary>
    public long MinRate { get; init; } = 128L << 10;

    /// <summary>The most.</summary>
    public long MaxRate { get; init; } = 64L << 20;

    /// <summary>How long a sender that has asked counts among those who share.</summary>
    public TimeSpan ShareFor { get; init; } = TimeSpan.FromSeconds(3);
}
