using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Storage;
using KvStore.Storage.Vfs;

namespace KvStore.Data.Tests;

/// <summary>Opening and closing a node's data, and what crashes in between leave.</summary>
public sealed class DataSetSpec
{
    private const string Directory = "/data";
    private static readonly NodeId Fresh = new(1, 1);
    private static readonly NodeId Other = new(2, 2);
    private static readonly ClusterId Cluster = new(3, 3);
    private MemoryFileSystem _files = new();

    [Fact]
    public void An_empty_directory_becomes_the_data_of_the_fresh_id_and_keeps_it()
    {
        using (var first = Open())
            Assert.Equal((Fresh, ClusterId.None, 1u, false), (first.Identity.Node, first.Identity.Cluster, first.StartNumber, first.IsUnbroken));
        using var second = DataSet.Open(Directory, Options(), NodeId.None, fresh: Other, freshBits: 8);
        Assert.Equal((Fresh, 7ul, 2u, false), (second.Identity.Node, second.Identity.DataSet, second.StartNumber, second.IsUnbroken));
    }

    [Fact]
    public void Only_a_clean_stop_makes_the_next_start_unbroken_and_only_that_one()
    {
        using (var first = Open()) first.MarkCleanStop();
        using (var second = Open()) Assert.True(second.IsUnbroken);
        using var third = Open();
        Assert.False(third.IsUnbroken);
    }

    [Fact]
    public void After_a_power_cut_at_any_moment_no_start_number_comes_twice_and_nothing_is_unbroken()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            _files = new MemoryFileSystem();
            using (var first = Open()) first.MarkCleanStop();
            var second = Open();
            _files = _files.AfterCrash(new CrashPlan(seed / 20.0, 512, seed));
            using var third = Open();
            Assert.Equal((3u, false), (third.StartNumber, third.IsUnbroken));
            second.Dispose();
        }
    }

    [Fact]
    public void A_clean_stop_survives_the_power_cut_after_it()
    {
        var first = Open();
        first.MarkCleanStop();
        _files = _files.AfterCrash(new CrashPlan(0, 512, 1));
        first.Dispose();
        using var second = Open();
        Assert.True(second.IsUnbroken);
    }

    [Fact]
    public void Another_nodes_directory_is_refused_by_name_and_left_as_it_is()
    {
        using (Open())
        {
        }
        var refused = Assert.Throws<DataSetException>(() => DataSet.Open(Directory, Options(), expected: Other, fresh: Fresh, freshBits: 8));
        Assert.Contains($"holds the data of node {Fresh}, and this node is {Other}", refused.Message, StringComparison.Ordinal);
        using var again = Open();
        Assert.Equal(2u, again.StartNumber);
    }

    [Fact]
    public void Another_clusters_directory_is_refused_by_name()
    {
        using var data = Open();
        data.Join(Cluster, [(new PartitionId(3), ReplicaMeta.New)]);
        data.Join(Cluster, [(new PartitionId(3), ReplicaMeta.ToBeFilled)]);
        Assert.True(ReplicaMetaCodec.TryRead(data.Store.Get(DataKeys.Meta(new PartitionId(3))), out var meta));
        Assert.Equal(ReplicaMeta.New, meta);
        var refused = Assert.Throws<DataSetException>(() => data.Join(new ClusterId(9, 9), []));
        Assert.Contains($"holds data of cluster {Cluster}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_is_no_nodes_data_is_refused()
    {
        using (var store = LsmStore.Open(Directory, Options())) store.Put("k"u8, "v"u8).ThrowIfRefused();
        var refused = Assert.Throws<DataSetException>(Open);
        Assert.Contains("is a store, and no node's data", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_turned_away_is_refused_with_the_reason_and_its_starts_are_not_counted_up()
    {
        using (var first = Open()) first.MarkTurnedAway("node b has seen a later start");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var refused = Assert.Throws<DataSetException>(Open);
            Assert.Contains("is not to be used any more: node b has seen a later start. Nothing was changed.", refused.Message, StringComparison.Ordinal);
        }

        using var store = LsmStore.Open(Directory, Options());
        Assert.Equal([0, 0, 0, 1], store.Get(DataKeys.StartNumber)!);
    }

    [Fact]
    public void An_empty_directory_that_may_not_be_is_a_lost_one_and_stays_as_it_is()
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var refused = Assert.Throws<DataSetException>(
                () => DataSet.Open(Directory, Options(), Fresh, Fresh, freshBits: 7, mayBeEmpty: false));
            Assert.Contains("is empty", refused.Message, StringComparison.Ordinal);
        }

        using (var data = Open()) Assert.Equal(1u, data.StartNumber);
        using var again = DataSet.Open(Directory, Options(), Fresh, Fresh, freshBits: 8, mayBeEmpty: false);
        Assert.Equal(2u, again.StartNumber);
    }

    [Fact]
    public void Two_cannot_have_one_directory_open()
    {
        using var first = Open();
        Assert.Throws<StoreLockedException>(Open);
    }

    [Fact]
    public void Peers_starts_are_found_again()
    {
        using (var first = Open())
            first.Store.Put(DataKeys.PeerStart(Other), new PeerStartRecord(6, 4, 5).ToBytes()).ThrowIfRefused();
        using var second = Open();
        Assert.Equal([(Other, new PeerStartRecord(6, 4, 5))], second.PeerStarts());
    }

    private DataSet Open() => DataSet.Open(Directory, Options(), NodeId.None, Fresh, freshBits: 7);

    private EngineOptions Options() => new() { FileSystem = _files, MemtableBytes = 1 << 20, ReserveBytes = 0 };
}
