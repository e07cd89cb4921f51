using System.Text;
using Akka.TestKit.Xunit2;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests;

/// <summary>What a request may ask of one node beyond the usual: a context, its own numbers, an expiry.</summary>
public sealed class ContextsSpec(ITestOutputHelper output) : TestKit(TestNodes.ConfigOf(TestNodes.Alone), "kv", output)
{
    private static readonly BucketKey Fruit = new(BucketName.Default, Key.Of("fruit"));
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);
    private ulong _requests;

    [Fact]
    public async Task Two_writes_with_one_context_make_siblings_and_a_third_with_both_resolves_them()
    {
        var node = await Start();
        Put(node, "apple");
        var seen = Get(node).Context;

        PutWith(node, "pear", seen);
        PutWith(node, "plum", seen);
        Assert.Equal(["pear", "plum"], Shown(Get(node)));

        var both = PutWith(node, "jam", Get(node).Context);
        Assert.Equal(["jam"], Shown(Get(node)));
        PutWith(node, "jelly", both.Context);
        Assert.Equal(["jelly"], Shown(Get(node)));
    }

    [Fact]
    public async Task A_write_with_an_empty_context_becomes_a_sibling()
    {
        var node = await Start();
        PutWith(node, "pear", default);
        PutWith(node, "plum", default);
        Assert.Equal(["pear", "plum"], Shown(Get(node)));
        Assert.Equal("plum", Encoding.UTF8.GetString(SiblingView.Latest(Get(node).State)!.Value.Span));
    }

    [Fact]
    public async Task A_context_of_another_key_is_refused_and_nothing_is_written()
    {
        var node = await Start();
        Put(node, "apple");
        var other = new BucketKey(BucketName.Default, Key.Of("other"));
        var refused = node.Expect<ClientProtocol.BadRequest>(new ClientProtocol.Put(Next(), other, Encoding.UTF8.GetBytes("x"), Budget)
        {
            Mode = WriteMode.WithContext,
            Context = Get(node).Context,
        });
        Assert.Contains("was not made for this key by this cluster, or was altered. Nothing was written.", refused.Text, StringComparison.Ordinal);
        Assert.True(node.Expect<ClientProtocol.GetDone>(new ClientProtocol.Get(Next(), other, Budget)).State.IsEmpty);
    }

    [Fact]
    public async Task More_replicas_than_keep_the_key_are_refused()
    {
        var node = await Start();
        var three = Quorum.Create(3, 2, 2);
        var refused = node.Expect<ClientProtocol.BadRequest>(new ClientProtocol.Get(Next(), Fruit, Budget) { Quorum = three });
        Assert.Equal("N is 3, but only 1 replicas keep the key. Nothing was done.", refused.Text);
    }

    [Fact]
    public async Task A_context_is_sealed_only_for_who_wants_it()
    {
        var node = await Start();
        Put(node, "apple");
        Assert.True(node.Expect<ClientProtocol.GetDone>(new ClientProtocol.Get(Next(), Fruit, Budget)).Context.IsEmpty);
        Assert.False(Get(node).Context.IsEmpty);
    }

    private async Task<Asked> Start() =>
        new(this, await TestNodes.Start(Sys));

    private RequestId Next() => new(1, ++_requests);

    private void Put(Asked node, string value) =>
        node.Expect<ClientProtocol.PutDone>(new ClientProtocol.Put(Next(), Fruit, Encoding.UTF8.GetBytes(value), Budget));

    private ClientProtocol.PutDone PutWith(Asked node, string value, ReadOnlyMemory<byte> context) =>
        node.Expect<ClientProtocol.PutDone>(new ClientProtocol.Put(Next(), Fruit, Encoding.UTF8.GetBytes(value), Budget)
        {
            Mode = WriteMode.WithContext,
            Context = context,
            WantsContext = true,
        });

    private ClientProtocol.GetDone Get(Asked node) =>
        node.Expect<ClientProtocol.GetDone>(new ClientProtocol.Get(Next(), Fruit, Budget) { WantsContext = true });

    private static IEnumerable<string> Shown(ClientProtocol.GetDone got) =>
        SiblingView.Shown(got.State, ConflictPolicy.Siblings, 0).Select(version => Encoding.UTF8.GetString(version.Value.Span)).Order();

    /// <summary>The node as one asks it.</summary>
    private sealed class Asked(ContextsSpec spec, KvNode node)
    {
        public T Expect<T>(ClientProtocol.IClientRequest request)
            where T : IWireMessage
        {
            node.Coordinator.Tell(request, spec.TestActor);
            return spec.ExpectMsg<T>();
        }
    }
}
