using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Tests.Tables;

/// <summary>
/// Tables as releases wrote them. Version 1 must be read for ever, and is what this release writes. KV_REWRITE=1 writes the files
/// anew, for a review as a difference.
/// </summary>
public sealed class TableGoldenSpec
{
    // Brotli's bytes are the class library's to choose: that file is only read.
    [Theory]
    [InlineData("sstable-v1.sst", 64 * 1024)]
    [InlineData("sstable-v1-two-level.sst", 60)]
    public void The_builder_writes_the_bytes_it_always_wrote(string name, int indexPartitionSize)
    {
        byte[] written = Write(Compression.None, indexPartitionSize);
        if (Environment.GetEnvironmentVariable("KV_REWRITE") == "1")
        {
            File.WriteAllBytes(Path.Combine(SourceDirectory(), name), written);
            File.WriteAllBytes(Path.Combine(SourceDirectory(), "sstable-v1-brotli.sst"), Write(Compression.Brotli, 64 * 1024));
        }
        Assert.Equal(Convert.ToHexString(File.ReadAllBytes(Path.Combine(SourceDirectory(), name))), Convert.ToHexString(written));
    }

    [Theory]
    [InlineData("sstable-v1.sst")]
    [InlineData("sstable-v1-two-level.sst")]
    [InlineData("sstable-v1-brotli.sst")]
    public void The_reader_reads_what_releases_wrote(string name)
    {
        var files = new TableFiles { [TableFiles.PathOf(42)] = File.ReadAllBytes(Path.Combine(SourceDirectory(), name)) };
        using TableReader table = files.Open(42);
        using InternalIterator iterator = table.NewIterator();

        Assert.Equal(Entries().Select(e => e.ToString()), iterator.Forward().Select(e => e.ToString()));
        Assert.All(Entries(), entry => Assert.NotEqual(
            LookupState.Absent, table.Get(InternalKey.UserKey(entry.Key).ToArray(), SequenceNumber.Max.Value, out _)));
        Assert.Equal(7UL, Assert.Single(table.RangeTombstones).Sequence.Value);
        table.Verify();
    }

    private static byte[] Write(Compression compression, int indexPartitionSize)
    {
        var files = new TableFiles();
        var options = new EngineOptions
        {
            BlockSize = 120,
            BlockRestartInterval = 4,
            BloomBitsPerKey = 10,
            Compression = compression,
            IndexPartitionSize = indexPartitionSize,
        };
        files.Write(42, Entries(), options, [new RangeTombstone("b"u8.ToArray(), "c"u8.ToArray(), new SequenceNumber(7))]);
        return files[TableFiles.PathOf(42)];
    }

    private static IEnumerable<Entry> Entries()
    {
        for (int i = 0; i < 400; i++)
        {
            if (i % 5 == 2)
                yield return Entry.Delete($"golden/{i:D4}", 200);
            yield return Entry.Put($"golden/{i:D4}", 100, $"the value of {i}");
        }
    }

    private static string SourceDirectory()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "KvStore.sln")))
            directory = directory.Parent;
        return Path.Combine(directory.FullName, "tests", "KvStore.Storage.Tests", "Golden");
    }
}
