namespace KvStore.Wire;

/// <summary>What a message may be at most; checked before anything is allocated for it.</summary>
public static class WireLimits
{
    /// <summary>One key's state with all its siblings, in bytes.</summary>
    public const int MaxState = 8 * 1024 * 1024;

    /// <summary>One value, in bytes, whatever a node is configured for.</summary>
    public const int MaxValue = 16 * 1024 * 1024;

    /// <summary>The longest budget a message may carry.</summary>
    public static readonly TimeSpan MaxBudget = TimeSpan.FromMinutes(1);
}
