using KvStore.Storage.Format;

namespace KvStore.Storage;

/// <summary>What became of a write.</summary>
public enum WriteStatus
{
    /// <summary>Done, and as durable as was asked.</summary>
    Done,

    /// <summary>Not done, nothing changed: the store is behind with its background work. Try again after
    /// <see cref="WriteResult.RetryAfter"/>.</summary>
    Busy,

    /// <summary>Not done, nothing changed: the disk is full. Reads and deletes go on; writes do too once there is
    /// space.</summary>
    DiskFull,
}

/// <param name="Status">Look at it, or call <see cref="ThrowIfRefused"/>.</param>
/// <param name="Sequence">The number of the write's last operation, when done.</param>
/// <param name="RetryAfter">When busy: how long the store asks to be left alone.</param>
public readonly record struct WriteResult(WriteStatus Status, SequenceNumber Sequence, TimeSpan RetryAfter)
{
    public bool IsDone => Status == WriteStatus.Done;

    /// <exception cref="WriteRefusedException">The write was not done.</exception>
    public void ThrowIfRefused()
    {
        if (Status != WriteStatus.Done)
            throw new WriteRefusedException(this);
    }
}

/// <summary>A write was refused, and its caller asked for an exception.</summary>
public sealed class WriteRefusedException(WriteResult result)
    : StorageException(result.Status == WriteStatus.Busy
        ? $"The store is busy. Nothing was changed; try again in {result.RetryAfter.TotalMilliseconds:F0} ms."
        : "The disk is full. Nothing was changed; free space on it: writes resume by themselves.")
{
    public WriteResult Result { get; } = result;
}
