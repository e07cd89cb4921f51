using KvStore.Storage.Manifests;
using KvStore.Storage.Memory;

namespace KvStore.Storage;

/// <summary>
/// All that a read looks at, at one moment: the memtables and the tables. Immutable. Counts its holders; while there is one, no
/// memory of these memtables is reused and no file of these tables is deleted.
/// </summary>
internal sealed class ReadView(MemTable active, MemTable[] immutables, TableSet tables, Action<ReadView> released)
{
    private int _holders = 1;

    internal MemTable Active { get; } = active;

    /// <summary>Newest first.</summary>
    internal MemTable[] Immutables { get; } = immutables;

    internal TableSet Tables { get; } = tables;

    internal bool MayHaveRangeTombstones
    {
        get
        {
            if (Tables.HasRangeTombstones || Active.RangeCount > 0)
                return true;
            foreach (MemTable table in Immutables)
            {
                if (table.RangeCount > 0)
                    return true;
            }

            return false;
        }
    }

    /// <summary>False: the view is gone already; take the newer one.</summary>
    internal bool TryHold()
    {
        int holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            int seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }

        return false;
    }

    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            released(this);
    }
}
