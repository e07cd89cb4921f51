using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>
/// An open table and how many hold it: the <see cref="TableCache"/>, once, and each lease. Whoever lets go last closes it, for
/// good.
/// </summary>
internal sealed class OpenTable(TableReader reader, TableInfo info)
{
    private const int Closed = int.MinValue / 2;

    private int _holders = 1;

    public TableReader Reader => reader;

    /// <summary>Whether there was a lease since the cache last looked.</summary>
    public bool Used { get; set; } = true;

    /// <summary>False when the table has been closed.</summary>
    public bool TryAcquire()
    {
        if (Interlocked.Increment(ref _holders) > 0)
        {
            if (!Used)
                Used = true;
            return true;
        }
        Interlocked.Decrement(ref _holders);
        return false;
    }

    public void Release()
    {
        // Between the two steps somebody may acquire it again; then the count is not 0 and it is theirs to close.
        if (Interlocked.Decrement(ref _holders) == 0 && Interlocked.CompareExchange(ref _holders, Closed, 0) == 0)
            reader.Dispose();
    }

    /// <summary>The cache lets go.</summary>
    public void Abandon()
    {
        Interlocked.CompareExchange(ref info.CacheSlot, null, this);
        Release();
    }
}
