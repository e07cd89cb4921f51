using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Node.AntiEntropy;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.Keeping;

/// <summary>A whole node in a cluster of its own, whose timers alone would forget nothing within a year.</summary>
public sealed class KeepersSpec(ITestOutputHelper output) : TestKit(TestNodes.ConfigOf(Configuration), "kv", output)
{
    private const string Configuration = """
        kv-store.node.id = "6f1d3c5a8e7b4290a1c3e5f708192a3b"
        kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
        kv-store.quorum { n = 1, r = 1, w = 1 }
        kv-store.anti-entropy { reap-interval = 365d, keeper-interval = 100ms }
        akka {
          actor.provider = cluster
          remote.dot-netty.tcp.port = 0
          cluster { seed-node-timeout = 500ms, periodic-tasks-initial-delay = 100ms, sharding.retry-interval = 200ms }
        }
        """;

    private static readonly BucketKey Fruit = new(BucketName.Default, Key.Of("fruit"));
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_partitions_keeper_has_what_was_deleted_forgotten()
    {
        var node = await TestNodes.Start(Sys);
        Put(node, 1, "apple"u8.ToArray());
        Put(node, 2, null);

        await AwaitAssertAsync(
            async () =>
            {
                var status = await node.AntiEntropy.Ask<AntiEntropyStatus>(AntiEntropyActor.GetStatus.Instance, Budget);
                Assert.Equal((1, 0), (status.Reaped, node.Keys));
            },
            TimeSpan.FromSeconds(40));
    }

    private void Put(KvNode node, ulong request, byte[]? value)
    {
        ReadOnlyMemory<byte>? bytes = null;
        if (value is not null) bytes = value;
        node.Coordinator.Tell(new ClientProtocol.Put(new RequestId(1, request), Fruit, bytes, Budget), TestActor);
        Assert.Equal(PutResult.Done, ExpectMsg<ClientProtocol.PutDone>(TimeSpan.FromSeconds(10)).Result);
    }
}
