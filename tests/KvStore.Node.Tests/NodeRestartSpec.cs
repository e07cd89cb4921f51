using Akka;
using Akka.Actor;
using Akka.Configuration;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Data;
using KvStore.Node.Disk;
using KvStore.Node.Links;
using KvStore.Storage;
using KvStore.Storage.Vfs;
using KvStore.Wire;

namespace KvStore.Node.Tests;

/// <summary>One node, started again and again on files in memory: what a process of its own would find on its disk.</summary>
public sealed class NodeRestartSpec : IAsyncLifetime
{
    private const string Configuration = """
        kv-store.node.id = "6f1d3c5a8e7b4290a1c3e5f708192a3b"
        kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
        kv-store.quorum { n = 1, r = 1, w = 1, sloppy = off }
        akka { loglevel = OFF, stdout-loglevel = OFF }
        """;

    /// <summary>What the keys of partitions begin with (docs/formats/node-data.md).</summary>
    private const byte PartitionSpace = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<ActorSystem> _systems = [];
    private MemoryFileSystem _files = new();
    private ulong _requests;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var system in _systems) await system.Terminate();
    }

    [Fact]
    public async Task What_was_put_is_there_after_a_clean_stop_and_the_incarnation_goes_on()
    {
        var first = await Start(init: true);
        for (var i = 0; i < 50; i++) Assert.Equal(PutResult.Done, (await Put(first, $"k{i}", $"v{i}")).Result);
        await StopInOrder();

        var second = await Start();
        Assert.True(second.Disk.Data.IsUnbroken);
        for (var i = 0; i < 50; i++) Assert.Equal($"v{i}", await Get(second, $"k{i}"));
        var dot = (await Put(second, "k0", "again")).Dot!.Value;
        Assert.Equal(1u, dot.Incarnation.Start);
        Assert.Equal(50, second.Keys);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_power_cut_and_another_incarnation_begins()
    {
        var first = await Start(init: true);
        for (var i = 0; i < 50; i++) Assert.Equal(PutResult.Done, (await Put(first, $"k{i}", $"v{i}")).Result);
        _files = _files.AfterCrash(new CrashPlan(0, 512, 1));

        var second = await Start();
        Assert.False(second.Disk.Data.IsUnbroken);
        for (var i = 0; i < 50; i++) Assert.Equal($"v{i}", await Get(second, $"k{i}"));
        Assert.Equal("(nothing)", await Get(second, "never put"));
        var dot = (await Put(second, "k0", "again")).Dot!.Value;
        Assert.Equal(2u, dot.Incarnation.Start);
    }

    [Fact]
    public async Task A_founder_whose_data_is_gone_does_not_start_unless_the_cluster_is_new()
    {
        await Start(init: true);
        _files = new MemoryFileSystem();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var refused = await Assert.ThrowsAsync<DataSetException>(() => Start());
            Assert.Contains("start the node with --init; otherwise it has lost its data", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal(1u, (await Start(init: true)).Disk.Data.StartNumber);
    }

    [Fact]
    public async Task A_node_that_forgot_what_it_held_does_not_say_not_found()
    {
        const string sloppy = "kv-store.quorum.sloppy = on";
        await Start(init: true, sloppy);
        await StopInOrder();
        using (var store = LsmStore.Open("/data", new EngineOptions { FileSystem = _files, ReserveBytes = 0 }))
            store.DeleteRange([PartitionSpace], [PartitionSpace + 1], new WriteOptions { Durability = Durability.Group }).ThrowIfRefused();
        var empty = await Start(more: sloppy);
        Assert.Equal(GetResult.QuorumImpossible, (await Ask<ClientProtocol.GetDone>(empty, GetOf("fruit"))).Result);
        Assert.Equal(PutResult.Done, (await Put(empty, "fruit", "apple")).Result);
        Assert.Equal("apple", await Get(empty, "fruit"));
    }

    [Fact]
    public async Task A_node_that_another_turns_away_for_good_stops_and_does_not_start_again()
    {
        var node = await Start(init: true);
        node.Supervisor.Tell(new PeerLinkActor.TurnedAway(new NodeId(7, 7), "it was seen with other data"));
        await _systems[^1].WhenTerminated.WaitAsync(Patience);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var refused = await Assert.ThrowsAsync<DataSetException>(() => Start(init: attempt == 1));
            Assert.Contains("it was seen with other data", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_deleted_key_stays_deleted_after_a_restart()
    {
        var first = await Start(init: true);
        await Put(first, "fruit", "apple");
        await Put(first, "fruit", null);
        _files = _files.AfterCrash(new CrashPlan(0, 512, 1));
        var second = await Start();
        var got = await Ask<ClientProtocol.GetDone>(second, GetOf("fruit"));
        Assert.Equal((GetResult.Done, 1), (got.Result, got.State.Count));
        Assert.Empty(SiblingView.Shown(got.State, ConflictPolicy.Siblings, 0));
    }

    [Fact]
    public async Task A_restart_of_the_storage_actor_is_survived_by_the_node()
    {
        var node = await Start(init: true);
        await Put(node, "fruit", "apple");
        var storage = _systems[^1].ActorSelection("/user/kv/storage");
        var settled = await storage.Ask<StorageProtocol.Settled>(sender => new StorageProtocol.Settle(sender, 0), Patience, CancellationToken.None);
        var impossible = new StorageProtocol.DataWrite([], null);
        storage.Tell(new StorageProtocol.Commit(new StorageProtocol.Claim(ActorRefs.Nobody, 0, settled.Generation, 0), [impossible], Synced: false));

        Assert.Equal("apple", await Get(node, "fruit"));
        PutResult result;
        do result = (await Put(node, "fruit", "pear")).Result;
        while (result != PutResult.Done);
        Assert.Equal("pear", await Get(node, "fruit"));
        // How many keys there are is known again when the scan that fills the tree anew has come to its end.
        using var tooLong = new CancellationTokenSource(Patience);
        while (node.Keys != 1)
        {
            tooLong.Token.ThrowIfCancellationRequested();
            Assert.Equal("pear", await Get(node, "fruit"));
        }
    }

    [Fact]
    public async Task Two_nodes_cannot_have_one_directory()
    {
        await Start(init: true);
        await Assert.ThrowsAsync<StoreLockedException>(() => Start());
    }

    [Fact]
    public async Task Another_cluster_s_directory_is_refused()
    {
        await Start(init: true);
        _files = _files.Clone();
        const string others = """
            kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053", "00000000000000000000000000000001@127.0.0.1:4054"]
            """;
        var refused = await Assert.ThrowsAsync<DataSetException>(() => Start(more: others));
        Assert.Contains("holds data of cluster", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_whose_block_is_damaged_are_unreadable_and_never_not_found()
    {
        const int keys = 300;
        var first = await Start(init: true);
        for (var i = 0; i < keys; i++) await Put(first, $"k{i}", new string('v', 200));
        first.Disk.Store.Flush();
        await StopInOrder();
        Damage();

        var second = await Start();
        var done = 0;
        for (var i = 0; i < keys; i++)
        {
            var got = await Ask<ClientProtocol.GetDone>(second, GetOf($"k{i}"));
            if (got.Result != GetResult.Done) continue;
            Assert.Equal(1, got.State.Count);
            done++;
        }
        Assert.InRange(done, 1, keys - 1);
    }

    [Fact]
    public async Task After_a_failed_sync_nothing_is_acknowledged_and_the_node_stops()
    {
        var faulty = new FaultyFileSystem(_files);
        var node = await Start(init: true, files: faulty);
        Assert.Equal(PutResult.Done, (await Put(node, "fruit", "apple")).Result);
        faulty.Plan = call => call.Operation == FileOperation.Sync ? Fault.IOError : Fault.None;
        var put = Ask<ClientProtocol.PutDone>(node, PutOf("fruit", "pear"));
        await _systems[^1].WhenTerminated.WaitAsync(Patience);
        Assert.True(put.IsFaulted || !put.IsCompleted || (await put).Result != PutResult.Done);
        Assert.True(node.Disk.IsBroken);
    }

    private async Task<KvNode> Start(bool init = false, string more = "", IFileSystem? files = null)
    {
        var system = ActorSystem.Create("kv", TestNodes.ConfigOf($"{Configuration}\n{more}").WithFallback(ConfigurationFactory.Default()));
        _systems.Add(system);
        return await TestNodes.Start(system, init, files ?? _files).WaitAsync(Patience);
    }

    private Task<Done> StopInOrder() => CoordinatedShutdown.Get(_systems[^1]).Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(Patience);

    /// <summary>One wrong bit in the middle of the largest table.</summary>
    private void Damage()
    {
        var table = _files.List("/data").Where(name => name.EndsWith(".sst", StringComparison.Ordinal)).MaxBy(name => _files.LengthOf($"/data/{name}"));
        _files.FlipBit($"/data/{table}", _files.LengthOf($"/data/{table}") * 4);
    }

    private ClientProtocol.Put PutOf(string key, string? value)
    {
        ReadOnlyMemory<byte>? bytes = null;
        if (value is not null) bytes = System.Text.Encoding.UTF8.GetBytes(value);
        return new ClientProtocol.Put(new RequestId(1, ++_requests), NameOf(key), bytes, TimeSpan.FromSeconds(5));
    }

    private ClientProtocol.Get GetOf(string key) => new(new RequestId(1, ++_requests), NameOf(key), TimeSpan.FromSeconds(5));

    private Task<ClientProtocol.PutDone> Put(KvNode node, string key, string? value) => Ask<ClientProtocol.PutDone>(node, PutOf(key, value));

    private async Task<string> Get(KvNode node, string key)
    {
        var got = await Ask<ClientProtocol.GetDone>(node, GetOf(key));
        var shown = SiblingView.Shown(got.State, ConflictPolicy.Siblings, 0);
        return shown.Count == 0 ? "(nothing)" : string.Join('|', shown.Select(v => System.Text.Encoding.UTF8.GetString(v.Value.Span)));
    }

    private static Task<T> Ask<T>(KvNode node, IWireMessage request) => node.Coordinator.Ask<T>(request, Patience);

    private static BucketKey NameOf(string key) => new(BucketName.Default, Key.Of(key));
}
