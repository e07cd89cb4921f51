using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Tables;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Compactions;

/// <summary>
/// Writes a sorted stream into as many tables as it needs. Tables are cut between user keys, never within one, and a range
/// tombstone is split where tables are. When disposed without <see cref="Finish"/>, everything it wrote is deleted again.
/// </summary>
internal sealed class TableWriting(
    StoreContext context, TableCatalog catalog, List<RangeTombstone> ranges, long targetBytes) : IDisposable
{
    private readonly List<TableInfo> _finished = [];
    private readonly List<FileNumber> _created = [];
    private IWritableFile? _file;
    private TableBuilder? _builder;
    private FileNumber _number;
    private byte[]? _cut;
    private byte[] _lastUserKey = [];
    private bool _done;

    /// <summary>Bytes of finished tables.</summary>
    internal long WrittenBytes => _finished.Sum(table => table.FileSize);

    internal void Add(ReadOnlySpan<byte> internalKey, ReadOnlySpan<byte> value)
    {
        if (_builder is not null && _builder.FileSize >= targetBytes)
        {
            ReadOnlySpan<byte> userKey = InternalKey.UserKey(internalKey);
            if (!userKey.SequenceEqual(_lastUserKey))
                FinishTable(userKey.ToArray());
        }

        TableBuilder builder = _builder ?? Begin();
        builder.Add(internalKey, value);
        if (builder.FileSize >= targetBytes)
            _lastUserKey = InternalKey.UserKey(internalKey).ToArray();
    }

    /// <summary>Ends the last table and makes all of them durable, names too.</summary>
    internal IReadOnlyList<TableInfo> Finish()
    {
        if (_builder is null && ranges.Exists(InReach))
            Begin();
        if (_builder is not null)
            FinishTable(cut: null);
        if (_finished.Count > 0)
            context.Files.SyncDirectory(context.Directory);
        _done = true;
        return _finished;
    }

    public void Dispose()
    {
        _builder?.Dispose();
        _file?.Dispose();
        if (_done)
            return;
        foreach (FileNumber number in _created)
        {
            try
            {
                context.Files.Delete(context.PathOf(FileNames.Table(number)));
            }
            catch (StorageIOException)
            {
                // An orphan costs space until the next start, which deletes it.
            }
        }
    }

    private TableBuilder Begin()
    {
        _number = catalog.NewNumber();
        _file = context.Files.Create(context.PathOf(FileNames.Table(_number)));
        _created.Add(_number);
        return _builder = new TableBuilder(_file, _number, context.Options);
    }

    private bool InReach(RangeTombstone range) => _cut is null || ByteOrder.Instance.Compare(range.End, _cut) > 0;

    private void FinishTable(byte[]? cut)
    {
        foreach (RangeTombstone range in ranges)
        {
            byte[] begin = _cut is not null && ByteOrder.Instance.Compare(range.Begin, _cut) < 0 ? _cut : range.Begin;
            byte[] end = cut is not null && ByteOrder.Instance.Compare(range.End, cut) > 0 ? cut : range.End;
            if (ByteOrder.Instance.Compare(begin, end) < 0)
                _builder!.AddRangeTombstone(begin, end, range.Sequence);
        }

        TableInfo table = _builder!.Finish();
        _file!.Sync();
        _builder.Dispose();
        _file.Dispose();
        _builder = null;
        _file = null;
        _cut = cut;
        _finished.Add(table);
    }
}
