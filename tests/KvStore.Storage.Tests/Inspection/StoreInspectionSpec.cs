using KvStore.Storage.Format;
using KvStore.Storage.Inspection;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Inspection;

public sealed class StoreInspectionSpec : IDisposable
{
    private const string Directory = "/db";

    private readonly MemoryFileSystem _files = new();
    private readonly StringWriter _output = new();

    public StoreInspectionSpec()
    {
        using LsmStore store = LsmStore.Open(Directory, Options);
        store.Put("flushed"u8, "1"u8).ThrowIfRefused();
        store.Flush();
        store.Put("logged"u8, "2"u8).ThrowIfRefused();
        store.Delete("flushed"u8).ThrowIfRefused();
        store.DeleteRange("a"u8, "b"u8).ThrowIfRefused();
    }

    private EngineOptions Options =>
        new() { FileSystem = _files, MemtableBytes = 64 << 10, ReserveBytes = 0, BlockCacheBytes = 1 << 20 };

    public void Dispose() => _output.Dispose();

    [Fact]
    public void A_sound_store_is_told_file_by_file()
    {
        Assert.Equal(0, StoreVerification.Run(Directory, _output, _files));

        string[] lines = Lines();
        Assert.Matches(@"^MANIFEST-\d+: sound, 1 tables$", lines[0]);
        Assert.Matches(@"^\d+\.sst \(level 0\): sound, 1 entries, \d+ bytes$", lines[1]);
        Assert.Contains(lines, line => line.Contains("3 operations, finished in order", StringComparison.Ordinal));
        Assert.Equal("sound", lines[^1]);
    }

    [Fact]
    public void Every_damaged_file_is_told_in_one_run()
    {
        string table = Bend(StoreFileKind.Table, at: 3), log = Bend(StoreFileKind.CommitLog, at: 60);

        Assert.Equal(1, StoreVerification.Run(Directory, _output, _files));

        Assert.Contains(Lines(), line => line.StartsWith($"DAMAGED: {table} is damaged at offset 0:", StringComparison.Ordinal));
        Assert.Contains(Lines(), line => line.StartsWith($"DAMAGED: {log} is damaged at offset", StringComparison.Ordinal));
        Assert.Equal("damaged: see above. Nothing was changed.", Lines()[^1]);
    }

    [Fact]
    public void A_table_that_is_missing_is_told()
    {
        string path = PathOf(StoreFileKind.Table);
        _files.Delete(path);

        Assert.Equal(1, StoreVerification.Run(Directory, _output, _files));
        Assert.Contains(Lines(), line => line.StartsWith("DAMAGED:", StringComparison.Ordinal)
            && line.Contains(path, StringComparison.Ordinal));
    }

    [Fact]
    public void A_store_in_use_is_left_alone()
    {
        using LsmStore open = LsmStore.Open(Directory, Options);

        Assert.Equal(1, StoreVerification.Run(Directory, _output, _files));
        Assert.Contains("locked by another process", Lines()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_without_a_store_is_told_and_gets_no_files()
    {
        _files.CreateDirectory("/empty");

        Assert.Equal(1, StoreVerification.Run("/empty", _output, _files));
        Assert.Contains("holds no store", Lines()[0], StringComparison.Ordinal);
        Assert.Empty(_files.List("/empty"));
    }

    [Fact]
    public void A_manifest_is_told_edit_by_edit_and_as_a_whole()
    {
        Assert.Equal(0, ManifestDump.Run(PathOf(StoreFileKind.Manifest), _output, _files));

        Assert.StartsWith("edit at 32", Lines()[0], StringComparison.Ordinal);
        Assert.Contains(Lines(), line => line.StartsWith("  add ", StringComparison.Ordinal));
        Assert.Contains(Lines(), line => line.Contains("1 entries, 0 tombstones", StringComparison.Ordinal)
            && line.EndsWith("flushed #1 put .. flushed #1 put", StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_is_told_batch_by_batch()
    {
        Assert.Equal(0, CommitLogDump.Run(PathOf(StoreFileKind.CommitLog), _output, operations: true, _files));

        Assert.Contains("  #2 put logged = 2", Lines());
        Assert.Contains("  #3 delete flushed", Lines());
        Assert.Contains("  #4 range-delete [a, b)", Lines());
    }

    private string[] Lines() => _output.ToString().TrimEnd().Split('\n');

    // Of several the one with the highest number: the newest.
    private string PathOf(StoreFileKind wanted) => _files.List(Directory)
        .Select(name => (Name: name, Ours: FileNames.TryParse(name, out StoreFileKind kind, out FileNumber number), kind, number))
        .Where(file => file.Ours && file.kind == wanted && LengthOf(file.Name) > 0)
        .OrderByDescending(file => HoldsEntries(file.Name, wanted))
        .ThenByDescending(file => file.number.Value)
        .Select(file => $"{Directory}/{file.Name}")
        .First();

    private bool HoldsEntries(string name, StoreFileKind kind) => kind != StoreFileKind.CommitLog
        || Read($"{Directory}/{name}").AsSpan().IndexOf("logged"u8) > 0;

    private long LengthOf(string name)
    {
        using IRandomAccessFile file = _files.OpenRead($"{Directory}/{name}");
        return file.Length;
    }

    private byte[] Read(string path)
    {
        using IRandomAccessFile file = _files.OpenRead(path);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    private string Bend(StoreFileKind kind, int at)
    {
        string path = PathOf(kind);
        byte bent = (byte)(Read(path)[at] ^ 4);
        using IWritableFile file = _files.OpenWrite(path);
        file.WriteAt(at, [bent]);
        return path;
    }
}
