using KvStore.Storage.Format;

namespace KvStore.Storage;

/// <summary>
/// A moment of the store to read at. There is no limit to its age, and the store never takes one away: until it is disposed,
/// compactions keep every version that it sees, however often it is overwritten. So hold one for as long as its reads take.
/// <see cref="StoreStatistics.OldestSnapshotAge"/> shows one that somebody forgot; one that nobody refers to any more is let go when
/// the garbage collector finds it, and counted in <see cref="StoreStatistics.ForgottenSnapshots"/>.
/// </summary>
public sealed class StoreSnapshot : IDisposable
{
    private Action<SequenceNumber, bool>? _release;

    internal StoreSnapshot(SequenceNumber sequence, Action<SequenceNumber, bool> release)
    {
        Sequence = sequence;
        _release = release;
    }

    ~StoreSnapshot() => Release(forgotten: true);

    /// <summary>Reads see the writes up to this number.</summary>
    public SequenceNumber Sequence { get; }

    public void Dispose()
    {
        Release(forgotten: false);
        GC.SuppressFinalize(this);
    }

    private void Release(bool forgotten) => Interlocked.Exchange(ref _release, null)?.Invoke(Sequence, forgotten);
}
