using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Data;
using KvStore.Node.Disk;
using KvStore.Node.Settings;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Vfs;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.Disk;

/// <summary>The storage actor by itself, on an engine whose syncs happen when the test says so.</summary>
public sealed class StorageActorSpec : TestKit
{
    private static readonly PartitionId Partition = new(3);
    private static readonly Incarnation Tenure = Incarnation.Of(new NodeId(1, 1), 1, 1);

    private readonly ManualScheduler _engine = new();
    private readonly MemoryFileSystem _files = new();
    private readonly NodeDisk _disk;
    private readonly IActorRef _storage;
    private readonly long _generation;

    public StorageActorSpec(ITestOutputHelper output) : base(TestNodes.ConfigOf("""
        kv-store.node.id = "6f1d3c5a8e7b4290a1c3e5f708192a3b"
        kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
        """), "kv", output)
    {
        _disk = NodeDisk.Get(Sys);
        _disk.Open(NodeSettings.Read(Sys.Settings.Config), new NodeStartup(NodeId.None) { FileSystem = _files, Scheduler = () => _engine });
        _storage = Sys.ActorOf(StorageActor.Props(_disk), "storage");
        _generation = Settled();
    }

    [Fact]
    public void A_write_is_logged_before_the_sync_and_committed_after_it()
    {
        Commit(TestActor, 1, "fruit", 1);
        Assert.Equal(1, ExpectMsg<StorageProtocol.Logged>().Tag);
        Assert.Null(_disk.Store.Get(KeyOf("fruit")));
        _engine.RunAll();
        Assert.Equal(1, ExpectMsg<StorageProtocol.Committed>().Tag);
        Assert.NotNull(_disk.Store.Get(KeyOf("fruit")));
    }

    [Fact]
    public void While_one_batch_is_synced_the_next_is_logged_and_one_sync_ends_both()
    {
        Commit(TestActor, 1, "apple", 1);
        Assert.Equal(1, ExpectMsg<StorageProtocol.Logged>().Tag);
        Commit(TestActor, 2, "pear", 2);
        Assert.Equal(2, ExpectMsg<StorageProtocol.Logged>().Tag);
        _engine.RunAll();
        Assert.Equal(1, ExpectMsg<StorageProtocol.Committed>().Tag);
        Assert.Equal(2, ExpectMsg<StorageProtocol.Committed>().Tag);
    }

    [Fact]
    public void A_scan_sees_what_its_writer_sent_before_it_and_nothing_sent_after()
    {
        Commit(TestActor, 1, "apple", 7);
        _storage.Tell(new StorageProtocol.Scan(TestActor, Life: 1, Tag: -1, Partition, Tenure));
        Commit(TestActor, 2, "pear", 9);
        Assert.Equal(1, ExpectMsg<StorageProtocol.Logged>().Tag);
        _engine.RunAll();
        Assert.Equal(1, ExpectMsg<StorageProtocol.Committed>().Tag);

        var piece = FishForMessage<StorageProtocol.Scanned>(_ => true);
        Assert.Equal((Token.Of(NameOf("apple")).Value, SetOf(7).Hash), Assert.Single(piece.Entries));
        Assert.Equal((true, false, 7UL), (piece.IsLast, piece.HasHoles, piece.Highest));
    }

    [Fact]
    public void Keys_are_listed_in_their_order_within_the_range_wanted_and_no_more_than_wanted()
    {
        string[] keys = ["a", "ab", "b", "c", "d"];
        foreach (var key in keys) Commit(TestActor, 1, key, 7);
        AwaitCondition(() =>
        {
            _engine.RunAll();
            return keys.All(key => _disk.Store.Get(KeyOf(key)) is not null);
        });
        Assert.Equal(keys, Listed(null, null, most: 10));
        Assert.Equal(["a", "ab"], Listed(null, null, most: 2));
        Assert.Equal(["b", "c", "d"], Listed("ab", null, most: 10));
        Assert.Equal(["b", "c"], Listed("aba", "c", most: 10));
        Assert.Empty(Listed("d", null, most: 10));
    }

    [Fact]
    public void While_one_writer_waits_for_its_writes_to_settle_another_goes_on()
    {
        var other = CreateTestProbe();
        Commit(TestActor, 1, "apple", 1);
        _storage.Tell(new StorageProtocol.Settle(TestActor, Life: 1));
        Commit(TestActor, 2, "pear", 2);
        ExpectMsg<StorageProtocol.Logged>();
        Commit(other.Ref, 3, "plum", 3);
        Assert.Equal(3, other.ExpectMsg<StorageProtocol.Logged>().Tag);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        _engine.RunAll();
        ExpectMsg<StorageProtocol.Committed>();
        ExpectMsg<StorageProtocol.Settled>();
        Assert.Equal(2, ExpectMsg<StorageProtocol.Logged>().Tag);
    }

    [Fact]
    public void A_message_of_an_earlier_generation_changes_nothing()
    {
        Commit(TestActor, 1, "fruit", 1, generation: _generation - 1);
        Assert.Equal(_generation, Settled());
        Assert.Null(_disk.Store.Get(KeyOf("fruit")));
    }

    [Fact]
    public void What_is_only_to_be_kept_is_written_and_not_answered()
    {
        var last = new PeerStartRecord(3, 5, 7);
        _storage.Tell(new StorageProtocol.Keep(new StorageProtocol.DataWrite(DataKeys.PeerStart(new NodeId(1, 2)), last.ToBytes())));
        _storage.Tell(new StorageProtocol.Settle(TestActor, Life: 1));
        AwaitCondition(() =>
        {
            _engine.RunAll();
            return HasMessages;
        });
        ExpectMsg<StorageProtocol.Settled>();
        Assert.Equal([(new NodeId(1, 2), last)], _disk.Data.PeerStarts());
    }

    [Fact]
    public void A_restart_drops_what_was_gathered_settles_what_was_logged_and_says_so()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(StorageProtocol.StorageRestarted));
        Commit(TestActor, 1, "apple", 1);
        ExpectMsg<StorageProtocol.Logged>();
        var good = new StorageProtocol.DataWrite(KeyOf("pear"), BytesOf(2));
        var impossible = new StorageProtocol.DataWrite([], BytesOf(2));
        _storage.Tell(new StorageProtocol.Commit(new StorageProtocol.Claim(TestActor, 1, _generation, 2), [good, impossible], Synced: false));
        AwaitCondition(() =>
        {
            _engine.RunAll();
            return HasMessages;
        });

        Assert.Equal(1, ExpectMsg<StorageProtocol.Committed>().Tag);
        AwaitCondition(() =>
        {
            _engine.RunAll();
            return HasMessages;
        });
        Assert.NotEqual(_generation, ExpectMsg<StorageProtocol.StorageRestarted>().Generation);
        Assert.NotNull(_disk.Store.Get(KeyOf("apple")));
        Assert.Null(_disk.Store.Get(KeyOf("pear")));
    }

    [Fact]
    public void A_full_disk_holds_writes_back_until_there_is_space()
    {
        _files.CapacityBytes = 0;
        var large = new StorageProtocol.DataWrite(KeyOf("fruit"), new byte[2 << 20]);
        var claim = new StorageProtocol.Claim(TestActor, 1, _generation, 1, WantsLogged: true);
        for (var i = 0; i < 2; i++) _storage.Tell(new StorageProtocol.Commit(claim, [large], Synced: false));
        AwaitCondition(() => _disk.IsBehind);
        _files.CapacityBytes = long.MaxValue;
        AwaitCondition(() =>
        {
            _engine.Advance(TimeSpan.FromSeconds(1));
            _engine.RunAll();
            return !_disk.IsBehind;
        });
        ExpectMsg<StorageProtocol.Logged>();
    }

    private long Settled()
    {
        _storage.Tell(new StorageProtocol.Settle(TestActor, Life: 1));
        return ExpectMsg<StorageProtocol.Settled>().Generation;
    }

    private string[] Listed(string? after, string? through, int most)
    {
        var range = new KeyRange(after is null ? null : NameOf(after), through is null ? null : NameOf(through));
        var wanted = ListingWanted.Of(new ExchangeEffect.ListKeys(0, [0], range, most));
        _storage.Tell(new StorageProtocol.ListStates(TestActor, Life: 1, Tag: 9, Partition, wanted));
        return [.. FishForMessage<StorageProtocol.Listed>(_ => true).Entries.Select(entry => entry.Key.Key.ToString())];
    }

    private void Commit(IActorRef writer, long tag, string key, ulong counter, long? generation = null)
    {
        var claim = new StorageProtocol.Claim(writer, Life: 1, generation ?? _generation, tag, WantsLogged: true);
        _storage.Tell(new StorageProtocol.Commit(claim, [new StorageProtocol.DataWrite(KeyOf(key), BytesOf(counter))], Synced: false));
    }

    private static BucketKey NameOf(string key) => new(BucketName.Default, Key.Of(key));

    private static byte[] KeyOf(string key) => DataKeys.State(Partition, NameOf(key));

    private static SiblingSet SetOf(ulong counter) =>
        SiblingSet.Empty.Update(VersionVector.Empty, Sibling.OfValue(new Dot(Tenure, counter), "v"u8.ToArray()));

    private static byte[] BytesOf(ulong counter)
    {
        var set = SetOf(counter);
        var bytes = new byte[SiblingSetCodec.MaxSize(set)];
        return bytes[..SiblingSetCodec.Write(bytes, set)];
    }
}
