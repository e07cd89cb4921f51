using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Memory;

namespace KvStore.Storage;

/// <summary>
/// Owns the memtables and hands out <see cref="ReadView"/>s. Changes happen under the store's gate; taking a view takes no lock.
/// </summary>
internal sealed class StoreViews
{
    private readonly TableCatalog _catalog;
    private readonly List<MemTable> _immutables;
    private ReadView? _view;
    private int _published;

    /// <param name="catalog">Gives the tables.</param>
    /// <param name="immutables">Full memtables, oldest first.</param>
    /// <param name="active">The one being filled.</param>
    internal StoreViews(TableCatalog catalog, List<MemTable> immutables, MemTable active)
    {
        _catalog = catalog;
        _immutables = immutables;
        Active = active;
        Publish();
    }

    internal MemTable Active { get; private set; }

    internal int ImmutableCount => _immutables.Count;

    /// <summary>Whether somebody reads, or holds an iterator. After <see cref="Close"/> it only becomes less.</summary>
    internal bool AnyHeld => Volatile.Read(ref _published) > 0;

    internal MemTable? OldestImmutable => _immutables.Count > 0 ? _immutables[0] : null;

    internal long MemoryBytes => Active.ReservedBytes + _immutables.Sum(table => table.ReservedBytes);

    /// <summary>Takes hold of the newest view; the caller releases it.</summary>
    internal ReadView Take()
    {
        while (true)
        {
            ReadView view = Volatile.Read(ref _view) ?? throw new ObjectDisposedException(nameof(LsmStore));
            if (view.TryHold())
                return view;
        }
    }

    internal void Rotate(MemTable next)
    {
        _immutables.Add(Active);
        Active = next;
        Publish();
    }

    /// <summary>The first segment that is needed once the oldest immutable memtable is in a table.</summary>
    internal FileNumber FirstLogAfterOldest() => _immutables.Count > 1 ? _immutables[1].Log : Active.Log;

    internal bool Contains(MemTable table) => table == Active || _immutables.Contains(table);

    internal void DropOldest()
    {
        MemTable flushed = _immutables[0];
        _immutables.RemoveAt(0);
        Publish();
        flushed.Release();
    }

    /// <summary>Makes a view of what there is now, for reads that begin later.</summary>
    internal void Publish()
    {
        MemTable[] newestFirst = [.. Enumerable.Reverse(_immutables)];
        Active.Hold();
        foreach (MemTable table in newestFirst)
            table.Hold();
        var view = new ReadView(Active, newestFirst, _catalog.PinCurrent(), Released);
        Interlocked.Increment(ref _published);
        ReadView? former = _view;
        Volatile.Write(ref _view, view);
        former?.Release();
    }

    /// <summary>No view can be taken any more; what is held stays until it is released.</summary>
    internal void Close()
    {
        ReadView? last = _view;
        Volatile.Write(ref _view, null);
        last?.Release();
        Active.Release();
        foreach (MemTable table in _immutables)
            table.Release();
        _immutables.Clear();
    }

    private void Released(ReadView view)
    {
        view.Active.Release();
        foreach (MemTable table in view.Immutables)
            table.Release();
        _catalog.Unpin(view.Tables);
        Interlocked.Decrement(ref _published);
    }
}
