using KvStore.Storage.Format;

namespace KvStore.Storage;

/// <summary>
/// A moment of the store to read at. What it sees is kept on disk until it is disposed, however often it is overwritten: do not
/// hold one for long.
/// </summary>
public sealed class StoreSnapshot : IDisposable
{
    private Action<SequenceNumber>? _release;

    internal StoreSnapshot(SequenceNumber sequence, Action<SequenceNumber> release)
    {
        Sequence = sequence;
        _release = release;
    }

    /// <summary>Reads see the writes up to this number.</summary>
    public SequenceNumber Sequence { get; }

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke(Sequence);
}
