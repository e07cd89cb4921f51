using Akka.Actor;
using Akka.Remote;
using Akka.TestKit.Xunit2;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests;

/// <summary>One node with a ring of its own: the actors from the coordinator to the replica, without a network.</summary>
public sealed class KvNodeSpec(ITestOutputHelper output) : TestKit(TestNodes.ConfigOf(TestNodes.Alone), "kv", output)
{
    private static readonly BucketKey Fruit = new(BucketName.Default, Key.Of("fruit"));
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task What_is_put_is_got_until_it_is_deleted()
    {
        var node = await Start(init: true);

        Assert.Equal(PutResult.Done, Put(node, 1, "apple").Result);
        Assert.Equal("apple", Shown(Get(node, 2)));
        Assert.Equal(PutResult.Done, Put(node, 3, "pear").Result);
        Assert.Equal("pear", Shown(Get(node, 4)));
        Assert.Equal(PutResult.Done, Put(node, 5, null).Result);
        Assert.Equal("(nothing)", Shown(Get(node, 6)));
    }

    [Fact]
    public async Task Plain_puts_supersede_each_other_and_leave_no_siblings()
    {
        var node = await Start(init: true);
        for (ulong i = 1; i <= 50; i++) Put(node, i, $"v{i}");
        Assert.Equal(1, Get(node, 100).State.Count);
    }

    [Fact]
    public async Task The_same_request_twice_is_one_write()
    {
        var node = await Start(init: true);
        Put(node, 1, "first");
        Put(node, 2, "second");
        Put(node, 1, "first");
        Assert.Equal("second", Shown(Get(node, 3)));
    }

    [Fact]
    public async Task Each_request_has_a_child_of_its_own_that_ends_with_it()
    {
        var node = await Start(init: true);
        Put(node, 1, "apple");
        Get(node, 2);
        await AwaitAssertAsync(() =>
            Assert.Empty(((ActorRefWithCell)node.Coordinator).Children), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_node_that_another_has_given_up_stops()
    {
        await Start(init: true);
        var here = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        Sys.EventStream.Publish(new ThisActorSystemQuarantinedEvent(here, new Address("akka.tcp", "kv", "127.0.0.1", 4054)));
        await Sys.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private Task<KvNode> Start(bool init) => TestNodes.Start(Sys, init);

    private ClientProtocol.PutDone Put(KvNode node, ulong request, string? value)
    {
        ReadOnlyMemory<byte>? bytes = null;
        if (value is not null) bytes = System.Text.Encoding.UTF8.GetBytes(value);
        node.Coordinator.Tell(new ClientProtocol.Put(new RequestId(1, request), Fruit, bytes, Budget), TestActor);
        return ExpectMsg<ClientProtocol.PutDone>();
    }

    private ClientProtocol.GetDone Get(KvNode node, ulong request)
    {
        node.Coordinator.Tell(new ClientProtocol.Get(new RequestId(1, request), Fruit, Budget), TestActor);
        return ExpectMsg<ClientProtocol.GetDone>();
    }

    private static string Shown(ClientProtocol.GetDone got)
    {
        var shown = SiblingView.Shown(got.State, ConflictPolicy.Siblings, 0);
        return shown.Count == 0 ? "(nothing)" : string.Join('|', shown.Select(v => System.Text.Encoding.UTF8.GetString(v.Value.Span)));
    }
}
