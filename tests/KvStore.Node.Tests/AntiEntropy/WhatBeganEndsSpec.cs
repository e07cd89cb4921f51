using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Node.AntiEntropy;
using KvStore.Node.Disk;
using KvStore.Node.Replication;
using KvStore.Node.Settings;
using KvStore.Storage.Vfs;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.AntiEntropy;

/// <summary>What was begun in a replica ends though the replica, or storage, starts again.</summary>
public sealed class WhatBeganEndsSpec(ITestOutputHelper output) : TestKit(TestNodes.ConfigOf(TestNodes.Alone), "kv", output)
{
    private static readonly PartitionId Partition = new(7);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_replica_that_starts_again_says_that_its_exchanges_have_ended()
    {
        await TestNodes.Start(Sys, files: new MemoryFileSystem());
        Sys.EventStream.Subscribe(TestActor, typeof(ReplicaExchanges.Ended));
        var peer = new NodeId(1, 1);
        var replicas = Sys.ActorSelection("/user/kv/replicas");
        replicas.Tell(new ReplicaExchanges.Start(Partition, peer, Session: 1));
        replicas.Tell(new ReplicaActor.MintReplica(RingEpoch.First, Partition, new BucketKey(BucketName.Default, Key.Of("k")), null!, StandsFor: null));

        var ended = ExpectMsg<ReplicaExchanges.Ended>(Soon);
        Assert.Equal((new ExchangePair(Partition, peer), true, ExchangeEnd.Failed), (ended.Pair, ended.WasOurs, ended.Outcome));
    }

    [Fact]
    public void A_round_that_waits_for_a_listing_ends_when_storage_starts_again_and_the_next_asks_for_it_anew()
    {
        var host = new Host();
        var reaping = new ReplicaReaping(host, NodeSettings.Read(Sys.Settings.Config).AntiEntropy);
        reaping.Begin(new ReplicaReaping.Start(Partition, TestActor));
        Assert.Equal(1, host.Listings);

        reaping.OnStorageLost();
        Assert.Equal(Partition, ExpectMsg<ReplicaReaping.Ended>().Partition);

        reaping.Begin(new ReplicaReaping.Start(Partition, TestActor));
        Assert.Equal(2, host.Listings);
        reaping.OnStopped();
        ExpectMsg<ReplicaReaping.Ended>();
        reaping.OnStopped();
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    /// <summary>Counts what storage is asked to look through, and gives nothing.</summary>
    private sealed class Host : IReplicaHost
    {
        public int Listings { get; private set; }

        public NodeId Self => new(1, 2);

        public PartitionId Partition => WhatBeganEndsSpec.Partition;

        public ReplicaTime Now => new(TimeSpan.FromMinutes(1), 60_000);

        public IReadOnlyList<NodeId> OtherOwners => [];

        public Replica Replica => throw new NotSupportedException();

        public List<ReplicaEffect> Effects => throw new NotSupportedException();

        public void List(ListingWanted wanted, Action<IReadOnlyList<KeyHash>> done) => Listings++;

        public ulong NewNumber() => throw new NotSupportedException();

        public CallId Call(Action<ReplicaEffect> done) => throw new NotSupportedException();

        public void Send(NodeId node, IWireMessage message) => throw new NotSupportedException();

        public void Ask(NodeId node, IWireMessage message, Action<object> done) => throw new NotSupportedException();

        public void ForgetAsked() => throw new NotSupportedException();

        public bool IsLinked(NodeId node) => false;

        public void WhenStored(Action done) => throw new NotSupportedException();

        public void Publish(object fact) => throw new NotSupportedException();

        public void StartTimer(object timer, TimeSpan after, Action action) => throw new NotSupportedException();

        public void StopTimer(object timer) => throw new NotSupportedException();
    }
}
