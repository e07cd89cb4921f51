using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>What a write supersedes.</summary>
public enum WriteMode : byte
{
    /// <summary>What its context covers. Without a context nothing: it becomes a sibling.</summary>
    WithContext = 0,

    /// <summary>What its context covers and whatever the coordinating replica holds at that moment.</summary>
    Overwrite = 1,
}

/// <summary>A client's write to one key: a value, or a delete.</summary>
public sealed record WriteRequest
{
    /// <summary>The client operation; a repeated one is applied once.</summary>
    public RequestId Request { get; init; }

    /// <summary>The value; ignored for a delete.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>Whether it deletes.</summary>
    public bool IsDelete { get; init; }

    /// <summary>What it supersedes.</summary>
    public WriteMode Mode { get; init; }

    /// <summary>What its writer had seen.</summary>
    public CausalContext Context { get; init; } = CausalContext.None;

    /// <summary>
    /// The bucket's rule; under <see cref="ConflictPolicy.LastWriterWins"/> every write is stamped and overwrites.
    /// </summary>
    public ConflictPolicy Policy { get; init; }

    /// <summary>When the value expires, in milliseconds since 1970 (UTC); 0 for never.</summary>
    public long ExpiresAt { get; init; }
}
