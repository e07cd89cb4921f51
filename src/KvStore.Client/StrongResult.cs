using System.Text;

namespace KvStore.Client;

/// <summary>The answer of an operation on a strong key. A failure of the cluster is a status, not an exception.</summary>
public sealed record StrongResult
{
    /// <summary>What it came to.</summary>
    public required StrongStatus Status { get; init; }

    /// <summary>What is there after it; null for nothing. Of use only when it is done, or met a mismatch.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>Counts the key's changes, deletes too; 0 for a key that was never written. It is what a compare-and-set compares.</summary>
    public ulong Version { get; init; }

    /// <summary>How many times nodes were asked.</summary>
    public int Attempts { get; init; }

    /// <summary>In words, what went wrong, whether anything was changed, and what to do; empty when done.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Whether it is done.</summary>
    public bool IsDone => Status == StrongStatus.Done;

    /// <summary>The value as UTF-8 text; null for nothing.</summary>
    public string? Text => Data is { } data ? Encoding.UTF8.GetString(data.Span) : null;
}
