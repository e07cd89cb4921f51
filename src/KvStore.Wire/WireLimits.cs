namespace KvStore.Wire;

/// <summary>What a message may be at most; checked before anything is allocated for it.</summary>
public static class WireLimits
{
    /// <summary>
    /// One key's state with all its siblings, in bytes: what four coordinators that are cut off from each other may each let it grow to, joined.
    /// Less than what may be queued on one line.
    /// </summary>
    public const int MaxState = 25 * 1024 * 1024;

    /// <summary>One value, in bytes, whatever a node is configured for.</summary>
    public const int MaxValue = 16 * 1024 * 1024;

    /// <summary>A sealed causal context, in bytes.</summary>
    public const int MaxContext = 64 * 1024;

    /// <summary>A name, address or reason, in UTF-8 bytes.</summary>
    public const int MaxText = 1024;

    /// <summary>Messages in a batch.</summary>
    public const int MaxBatch = 4096;

    /// <summary>Keys, sums or leaves in one step of an exchange, a reap round or a stream.</summary>
    public const int MaxList = 65536;

    /// <summary>Keys in one page of a listing.</summary>
    public const int MaxPage = 1 << 20;

    /// <summary>One message, or one part of a message that is too large for a batch, in bytes.</summary>
    public const int MaxPart = 256 * 1024;

    /// <summary>One message with all its parts, in bytes.</summary>
    public const int MaxMessage = 64 * 1024 * 1024;

    /// <summary>A writer whose buffer has grown beyond this is not kept, in bytes.</summary>
    public const int MaxKeptBuffer = 1024 * 1024;

    /// <summary>The longest budget a message may carry.</summary>
    public static readonly TimeSpan MaxBudget = TimeSpan.FromMinutes(1);
}
