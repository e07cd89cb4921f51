using System.Text;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Node.Replication;
using KvStore.Storage.Vfs;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests;

/// <summary>Strong keys on one node: the actors from the coordinator to the acceptor, over a real engine.</summary>
public sealed class StrongKeysSpec(ITestOutputHelper output) : TestKit(TestNodes.ConfigOf(TestNodes.Alone), "kv", output)
{
    private static readonly BucketKey Lock = new(BucketName.Create("locks"), Key.Of("door"));
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);
    private readonly MemoryFileSystem _files = new();
    private KvNode _node = null!;
    private ulong _requests;

    [Fact]
    public async Task A_strong_key_counts_its_changes_and_compares_before_it_is_set()
    {
        await Start();
        Assert.Equal(("(absent)", 0UL), Done(new RegisterCommand.Get()));
        Assert.Equal(("anna", 1UL), Done(new RegisterCommand.Put(Bytes("anna"))));

        var mismatch = Assert.IsType<RegisterOutcome.Mismatch>(Do(Swap(0, "bert")));
        Assert.Equal(1UL, mismatch.Value.Version);
        Assert.Equal(("bert", 2UL), Done(Swap(1, "bert")));
        Assert.Equal(("(absent)", 3UL), Done(new RegisterCommand.Delete()));
        Assert.Equal(("(absent)", 3UL), Done(new RegisterCommand.Get()));
    }

    [Fact]
    public async Task The_same_request_twice_changes_a_strong_key_once()
    {
        await Start();
        var request = new RequestId(7, 1);
        Assert.Equal(("anna", 1UL), Shown(Do(new RegisterCommand.Put(Bytes("anna")), request)));
        Assert.Equal(("bert", 2UL), Done(new RegisterCommand.Put(Bytes("bert"))));
        Do(new RegisterCommand.Put(Bytes("anna")), request);
        Assert.Equal(("bert", 2UL), Done(new RegisterCommand.Get()));
    }

    [Fact]
    public async Task Many_changes_of_one_key_at_once_all_take_effect_one_after_the_other()
    {
        await Start();
        var patience = TimeSpan.FromSeconds(40);
        for (var i = 0; i < 20; i++)
            _node.Coordinator.Tell(new ClientProtocol.DoRegister(Next(), Lock, new RegisterCommand.Put(Bytes($"{i}")), patience), TestActor);
        var versions = Enumerable.Range(0, 20)
            .Select(_ => ExpectMsg<ClientProtocol.RegisterDone>(patience).Outcome)
            .Select(outcome => Assert.IsType<RegisterOutcome.Done>(outcome).Version);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (ulong)i), versions.Order());
    }

    [Fact]
    public async Task A_request_of_the_other_kind_is_refused_and_nothing_is_done()
    {
        await Start();
        _node.Coordinator.Tell(new ClientProtocol.Get(Next(), Lock, Budget), TestActor);
        Assert.Equal("Bucket 'locks' is strong: its keys are registers, without siblings and contexts. Nothing was done.",
            ExpectMsg<ClientProtocol.BadRequest>().Text);
        var plain = new BucketKey(BucketName.Default, Key.Of("door"));
        _node.Coordinator.Tell(new ClientProtocol.DoRegister(Next(), plain, new RegisterCommand.Get(), Budget), TestActor);
        Assert.Equal("Bucket 'default' is not strong: its keys are no registers. Nothing was done.", ExpectMsg<ClientProtocol.BadRequest>().Text);
        var nowhere = new BucketKey(BucketName.Create("nowhere"), Key.Of("door"));
        _node.Coordinator.Tell(new ClientProtocol.Get(Next(), nowhere, Budget), TestActor);
        Assert.Equal("There is no bucket 'nowhere'. Nothing was done.", ExpectMsg<ClientProtocol.BadRequest>().Text);
    }

    [Fact]
    public async Task An_acceptor_answers_only_what_is_on_its_disk()
    {
        await Start();
        Done(new RegisterCommand.Put(Bytes("anna")));
        var after = _files.AfterCrash(new CrashPlan(survivingShare: 0, pieceBytes: 512, seed: 1));
        await Sys.Terminate();

        var again = ActorSystem.Create("kv", TestNodes.ConfigOf(TestNodes.Alone));
        try
        {
            var node = await TestNodes.Start(again, init: false, after, Buckets());
            var answer = await node.Coordinator.Ask<ClientProtocol.RegisterDone>(
                new ClientProtocol.DoRegister(new RequestId(9, 1), Lock, new RegisterCommand.Get(), Budget), TimeSpan.FromSeconds(10));
            Assert.Equal(("anna", 1UL), Shown(answer.Outcome));
        }
        finally
        {
            await again.Terminate();
        }
    }

    [Fact]
    public async Task A_message_of_an_epoch_before_the_fence_is_refused_with_the_newer_one()
    {
        await Start();
        Done(new RegisterCommand.Put(Bytes("anna")));
        var replicas = Sys.ActorSelection("/user/kv/replicas");
        var partition = _node.Ring.PartitionOf(Lock);
        var ballot = new Ballot(_node.Ring.Epoch, 1_000_000, _node.Settings.Id, 9);
        replicas.Tell(new ReplicaProtocol.PrepareRegister(RingEpoch.None, partition, Lock, ballot), TestActor);
        var refused = ExpectMsg<ReplicaProtocol.ReplicaRefused>();
        Assert.Equal((Refusal.StaleEpoch, _node.Ring.Epoch), (refused.Refusal, refused.Epoch));
    }

    [Fact]
    public async Task While_the_disk_is_behind_a_strong_key_is_surely_not_changed()
    {
        await Start();
        _node.Disk.IsBehind = true;
        _node.Coordinator.Tell(
            new ClientProtocol.DoRegister(Next(), Lock, new RegisterCommand.Put(Bytes("anna")), TimeSpan.FromSeconds(1)), TestActor);
        var outcome = ExpectMsg<ClientProtocol.RegisterDone>(TimeSpan.FromSeconds(10)).Outcome;
        Assert.Equal(new RegisterOutcome.NotDone(RegisterFailure.NoMajority), outcome);
        _node.Disk.IsBehind = false;
        Assert.Equal(("(absent)", 0UL), Done(new RegisterCommand.Get()));
    }

    private static BucketCatalogue Buckets()
    {
        var one = Quorum.Create(1, 1, 1);
        var create = new BucketChange.Create(Lock.Bucket, BucketPolicy.Strong, Quorum.OfMajorities(1, sloppy: false));
        Assert.Null(BucketCatalogue.New(one).Apply(create, RingEpoch.First, replicas: 1, out var buckets));
        return buckets!;
    }

    private async Task Start() => _node = await TestNodes.Start(Sys, files: _files, buckets: Buckets());

    private RequestId Next() => new(1, ++_requests);

    private RegisterOutcome Do(RegisterCommand command, RequestId? request = null)
    {
        _node.Coordinator.Tell(new ClientProtocol.DoRegister(request ?? Next(), Lock, command, Budget), TestActor);
        return ExpectMsg<ClientProtocol.RegisterDone>(TimeSpan.FromSeconds(10)).Outcome;
    }

    private (string Value, ulong Version) Done(RegisterCommand command) => Shown(Do(command));

    private static (string Value, ulong Version) Shown(RegisterOutcome outcome)
    {
        var done = Assert.IsType<RegisterOutcome.Done>(outcome);
        return (done.Value.Data is { } data ? Encoding.UTF8.GetString(data.Span) : "(absent)", done.Version);
    }

    private static RegisterCommand.CompareAndSet Swap(ulong version, string value) =>
        new RegisterCommand.CompareAndSet(new RegisterExpectation.HasVersion(version), Bytes(value));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
