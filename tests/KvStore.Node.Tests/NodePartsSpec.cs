using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Akka.TestKit.Xunit2;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Node.Membership;
using KvStore.Node.Settings;
using KvStore.Storage.Vfs;
using Xunit.Abstractions;

namespace KvStore.Node.Tests;

/// <summary>What a node does without one of its parts.</summary>
public sealed class NodePartsSpec(ITestOutputHelper output) : TestKit(TestNodes.ConfigOf(Configuration), "kv", output)
{
    private const string Configuration = """
        kv-store.node.id = "6f1d3c5a8e7b4290a1c3e5f708192a3b"
        kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
        kv-store.quorum { n = 1, r = 1, w = 1 }
        akka.persistence.journal.kv.circuit-breaker.call-timeout = 200ms
        """;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_ring_s_owner_votes_again_after_its_journal_has_failed()
    {
        var (files, held) = (new FaultyFileSystem(new MemoryFileSystem()), new ManualResetEventSlim());
        using var released = held;
        var node = await TestNodes.Start(Sys, files: files);
        node.RingOwner.Tell(BackoffSupervisor.GetCurrentChild.Instance, TestActor);
        var owner = ExpectMsg<BackoffSupervisor.CurrentChild>(Soon).Ref;
        Watch(owner);
        files.Plan = call =>
        {
            if (call.Operation == FileOperation.Sync) held.Wait(Soon);
            return Fault.None;
        };

        node.RingOwner.Tell(Create("lost"));
        ExpectTerminated(owner, Soon);
        files.Plan = null;
        held.Set();

        await AwaitAssertAsync(async () =>
        {
            var status = await node.RingOwner.Ask<RingCommands.RingStatus>(RingCommands.GetStatus.Instance, TimeSpan.FromSeconds(1));
            Assert.NotNull(status);
        }, Soon);
        var answer = await node.RingOwner.Ask<RingCommands.Answered>(Create("lent"), Soon);
        Assert.Equal((RingCommands.Outcome.Done, ""), (answer.Outcome, answer.Words));
    }

    [Theory]
    [InlineData("gossip")]
    [InlineData("replicas")]
    [InlineData("ring")]
    public async Task A_node_that_has_lost_a_part_stops(string part)
    {
        await TestNodes.Start(Sys);
        (await Sys.ActorSelection($"/user/kv/{part}").ResolveOne(Soon)).Tell(PoisonPill.Instance);
        await Sys.WhenTerminated.WaitAsync(Soon);
    }

    [Fact]
    public async Task A_node_whose_port_is_open_to_all_says_so()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        var settings = NodeSettings.Read(Sys.Settings.Config) with { Remoting = new RemotingSettings(IsExposed: true) };
        await KvNode.Start(Sys, settings, new NodeStartup(NodeId.None) { Init = true, FileSystem = new MemoryFileSystem() });
        FishForMessage<Warning>(warning => warning.ToString().Contains("is trusted as a node", StringComparison.Ordinal), Soon);
    }

    [Fact]
    public void The_journal_and_the_snapshots_wait_for_a_slow_disk()
    {
        foreach (var plugin in new[] { "journal", "snapshot-store" })
            Assert.Equal(TimeSpan.FromMinutes(5), ConfigurationFiles.Reference.GetTimeSpan($"akka.persistence.{plugin}.kv.circuit-breaker.call-timeout"));
    }

    private static RingCommands.ChangeBucket Create(string name) =>
        new(new BucketChange.Create(BucketName.Create(name), BucketPolicy.Siblings, Quorum.OfMajorities(1, sloppy: true)));
}
