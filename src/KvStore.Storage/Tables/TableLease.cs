namespace KvStore.Storage.Tables;

/// <summary>Keeps a table open. Disposed exactly once, after the last use of <see cref="Reader"/> and of its iterators.</summary>
public readonly struct TableLease : IDisposable
{
    private readonly OpenTable _table;

    internal TableLease(OpenTable table) => _table = table;

    public TableReader Reader => _table.Reader;

    public void Dispose() => _table.Release();
}
