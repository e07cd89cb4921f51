using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Tables;

/// <summary>Files as byte arrays that a test can bend, and the tables made in them.</summary>
internal sealed class TableFiles : IFileSystem
{
    private readonly Dictionary<string, byte[]> _files = [];
    private int _open;

    public int OpenFiles => _open;

    public byte[] this[string path]
    {
        get => _files[path];
        set => _files[path] = value;
    }

    public static string PathOf(ulong number) => $"db/{FileNames.Table(new FileNumber(number))}";

    /// <summary>Writes a table of entries in order, as <c>db/NUMBER.sst</c>.</summary>
    public TableInfo Write(
        ulong number, IEnumerable<Entry> entries, EngineOptions? options = null,
            IEnumerable<RangeTombstone>? rangeTombstones = null)
    {
        using IWritableFile file = Create(PathOf(number));
        using var builder = new TableBuilder(file, new FileNumber(number), options ?? new EngineOptions());
        foreach (Entry entry in entries)
            builder.Add(entry.Key, entry.Value);
        foreach (RangeTombstone tombstone in rangeTombstones ?? [])
            builder.AddRangeTombstone(tombstone.Begin, tombstone.End, tombstone.Sequence);
        return builder.Finish();
    }

    public TableReader Open(ulong number, BlockCache? cache = null) =>
        TableReader.Open(this, PathOf(number), new FileNumber(number), cache);

    public IWritableFile Create(string path) => new Writer(this, path);

    public IRandomAccessFile OpenRead(string path)
    {
        byte[] bytes = _files.TryGetValue(path, out byte[]? found)
            ? found
            : throw new StorageIOException("Opening", path, 2, "no such file");
        Interlocked.Increment(ref _open);
        return new Reader(this, path, bytes);
    }

    public IWritableFile OpenWrite(string path) => throw new NotSupportedException();

    public bool Exists(string path) => _files.ContainsKey(path);

    public bool DirectoryExists(string path) => throw new NotSupportedException();

    public void CreateDirectory(string path) => throw new NotSupportedException();

    public IReadOnlyList<string> List(string directory) => throw new NotSupportedException();

    public void Delete(string path) => _files.Remove(path);

    public void Rename(string from, string to) => throw new NotSupportedException();

    public void Link(string existing, string to) => throw new NotSupportedException();

    public void SyncDirectory(string directory) => throw new NotSupportedException();

    public IDisposable Lock(string path) => throw new NotSupportedException();

    public long FreeBytes(string directory) => throw new NotSupportedException();

    private sealed class Writer(TableFiles owner, string path) : IWritableFile
    {
        private readonly MemoryStream _bytes = new();

        public string Path => path;

        public long Position => _bytes.Length;

        public void Append(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

        public void WriteAt(long offset, ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

        public void Sync() => throw new NotSupportedException();

        public void SetLength(long length) => throw new NotSupportedException();

        public void Allocate(long length) => throw new NotSupportedException();

        public void Dispose() => owner[path] = _bytes.ToArray();
    }

    private sealed class Reader(TableFiles owner, string path, byte[] bytes) : IRandomAccessFile
    {
        public string Path => path;

        public long Length => bytes.Length;

        public int Read(long offset, Span<byte> destination)
        {
            int length = (int)Math.Clamp(bytes.Length - offset, 0, destination.Length);
            bytes.AsSpan((int)Math.Min(offset, bytes.Length), length).CopyTo(destination);
            return length;
        }

        public void AdviseSequential(bool sequential)
        {
        }

        public void Dispose() => Interlocked.Decrement(ref owner._open);
    }
}

/// <summary>An internal key and its value.</summary>
internal sealed record Entry(byte[] Key, byte[] Value) : IComparable<Entry>
{
    public static Entry Put(string key, ulong sequence, string value) =>
        new(InternalKey.ToArray(Bytes(key), new SequenceNumber(sequence), ValueKind.Put), Bytes(value));

    public static Entry Delete(string key, ulong sequence) =>
        new(InternalKey.ToArray(Bytes(key), new SequenceNumber(sequence), ValueKind.Delete), []);

    public static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    public int CompareTo(Entry? other) => InternalKey.Compare(Key, other!.Key);

    public override string ToString() =>
        $"{Convert.ToHexString(InternalKey.UserKey(Key))}#{InternalKey.Sequence(Key)} {InternalKey.Kind(Key)} = {Value.Length} bytes";
}

/// <summary>What a point read handed out.</summary>
internal struct ArraySink : IValueSink
{
    public byte[]? Value;

    public void Accept(ReadOnlySpan<byte> value) => Value = value.ToArray();
}

internal static class Walking
{
    public static List<Entry> Forward(this InternalIterator iterator)
    {
        var entries = new List<Entry>();
        for (iterator.SeekToFirst(); iterator.Valid; iterator.Next())
            entries.Add(iterator.Here());
        return entries;
    }

    public static List<Entry> Backward(this InternalIterator iterator)
    {
        var entries = new List<Entry>();
        for (iterator.SeekToLast(); iterator.Valid; iterator.Prev())
            entries.Add(iterator.Here());
        return entries;
    }

    public static Entry Here(this InternalIterator iterator) => new(iterator.Key.ToArray(), iterator.Value.ToArray());

    public static LookupState Get(
        this TableReader table, byte[] userKey, ulong sequence, out byte[]? value, ulong coveredBelow = 0)
    {
        var sink = new ArraySink();
        byte[] lookup = InternalKey.ToArray(userKey, new SequenceNumber(sequence), ValueKind.Lookup);
        LookupState state = table.Get(lookup, new SequenceNumber(coveredBelow), ref sink);
        value = sink.Value;
        return state;
    }

    /// <summary>Moves at random beside a sorted list and fails at the first difference.</summary>
    public static void WalksLike(this InternalIterator iterator, List<Entry> model, Random random, int steps)
    {
        int at = -1;
        for (int step = 0; step < steps; step++)
        {
            bool valid = (uint)at < (uint)model.Count;
            switch (random.Next(valid ? 12 : 4))
            {
                case 0:
                    iterator.SeekToFirst();
                    at = 0;
                    break;
                case 1:
                    iterator.SeekToLast();
                    at = model.Count - 1;
                    break;
                case 2 or 3:
                    byte[] target = TableEntries.SomeTarget(model, random);
                    iterator.Seek(target);
                    at = model.FindIndex(entry => InternalKey.Compare(entry.Key, target) >= 0);
                    break;
                case < 8:
                    iterator.Next();
                    at++;
                    break;
                default:
                    iterator.Prev();
                    at--;
                    break;
            }

            Assert.Equal((uint)at < (uint)model.Count, iterator.Valid);
            if (iterator.Valid)
            {
                Assert.Equal(model[at].Key, iterator.Key.ToArray());
                Assert.Equal(model[at].Value, iterator.Value.ToArray());
            }
        }
    }
}
