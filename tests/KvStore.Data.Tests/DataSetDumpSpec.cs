using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Storage;

namespace KvStore.Data.Tests;

/// <summary>What kv dump prints, on real files.</summary>
public sealed class DataSetDumpSpec : IDisposable
{
    private static readonly Incarnation Tenure = Incarnation.Of(new NodeId(1, 1), 1, 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("kv-dump-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nodes_that_hold_the_same_print_the_same_however_it_came_there_and_one_other_byte_shows()
    {
        Fill("a", reverse: false, flush: true);
        Fill("b", reverse: true, flush: false);
        Fill("c", reverse: false, flush: false, other: "v3!");
        Assert.Equal(Dump("a"), Dump("b"));
        Assert.NotEqual(Dump("a"), Dump("c"));
        Assert.Equal(20, Dump("a").TrimEnd('\n').Split('\n').Length);
        Assert.StartsWith("0\tdefault\tk12\t{", Dump("a"), StringComparison.Ordinal);
    }

    [Fact]
    public void To_look_changes_no_file()
    {
        Fill("a", reverse: false, flush: true);
        var before = Files("a");
        Dump("a");
        Assert.Equal(before, Files("a"));
    }

    [Fact]
    public void One_partition_is_printed_alone_when_asked_for()
    {
        Fill("a", reverse: false, flush: false);
        using var text = new StringWriter();
        Assert.Equal(5, DataSetDump.Write(PathOf("a"), text, only: 2));
        Assert.All(text.ToString().TrimEnd('\n').Split('\n'), line => Assert.StartsWith("2\t", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_directory_and_one_in_use_are_refused()
    {
        Assert.Throws<StoreMissingException>(() => Dump("none"));
        Assert.False(Directory.Exists(PathOf("none")));
        using var open = DataSet.Open(PathOf("a"), new EngineOptions(), NodeId.None, new NodeId(1, 1), freshBits: 7);
        Assert.Throws<StoreLockedException>(() => Dump("a"));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void Fill(string name, bool reverse, bool flush, string? other = null)
    {
        var options = new EngineOptions { MemtableBytes = 1 << 20, ReserveBytes = 0 };
        using var data = DataSet.Open(PathOf(name), options, NodeId.None, new NodeId(9, (ulong)name[0]), freshBits: 7);
        var numbers = Enumerable.Range(1, 20);
        foreach (var i in reverse ? numbers.Reverse() : numbers)
        {
            var value = i == 3 && other is not null ? other : $"v{i}";
            var set = SiblingSet.Empty.Update(
                VersionVector.Empty, Sibling.OfValue(new Dot(Tenure, (ulong)i), System.Text.Encoding.UTF8.GetBytes(value)));
            var bytes = new byte[SiblingSetCodec.MaxSize(set)];
            var key = DataKeys.State(new PartitionId(i % 4), new BucketKey(BucketName.Default, Key.Of($"k{i}")));
            data.Store.Put(key, bytes.AsSpan(0, SiblingSetCodec.Write(bytes, set))).ThrowIfRefused();
        }
        if (flush) data.Store.Flush();
    }

    private string Dump(string name)
    {
        using var text = new StringWriter();
        DataSetDump.Write(PathOf(name), text);
        return text.ToString();
    }

    private (string Name, string Bytes)[] Files(string name) =>
        [.. Directory.GetFiles(PathOf(name)).Order().Select(file => (file, Convert.ToHexString(File.ReadAllBytes(file))))];
}
