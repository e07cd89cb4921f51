using System.Text;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Node.Membership;
using KvStore.Storage.Vfs;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests;

/// <summary>Buckets on one node, through all of its actors: their keys go with them, and are listed while they are there.</summary>
public sealed class BucketsSpec(ITestOutputHelper output) : TestKit(TestNodes.ConfigOf(TestNodes.Alone), "kv", output)
{
    private static readonly BucketName Lent = BucketName.Create("lent");
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private readonly MemoryFileSystem _files = new();
    private KvNode _node = null!;
    private ulong _requests;

    [Fact]
    public async Task A_bucket_that_is_made_again_has_nothing_of_the_one_that_was_dropped()
    {
        await Start();
        await Change(Create(BucketPolicy.Siblings));
        for (var i = 0; i < 50; i++) Put(Lent, $"k{i}");
        Put(BucketName.Default, "stays");

        await Change(new BucketChange.Drop(Lent));
        await Change(Create(BucketPolicy.Siblings));

        for (var i = 0; i < 50; i++) Assert.True(Get(Lent, $"k{i}").State.IsEmpty);
        Assert.Equal(["stays"], List(BucketName.Default));
        Put(Lent, "k1");
        Assert.Equal(["k1"], List(Lent));
    }

    [Fact]
    public async Task What_was_dropped_does_not_come_back_after_a_crash()
    {
        await Start();
        await Change(Create(BucketPolicy.Siblings));
        for (var i = 0; i < 20; i++) Put(Lent, $"k{i}");
        await Change(new BucketChange.Empty(Lent));
        Put(Lent, "new");
        var after = _files.AfterCrash(new CrashPlan(survivingShare: 1, pieceBytes: 512, seed: 1));
        await Sys.Terminate();

        var again = ActorSystem.Create("kv", TestNodes.ConfigOf(TestNodes.Alone));
        try
        {
            _node = await TestNodes.Start(again, init: false, after);
            var listed = await _node.Coordinator.Ask<ClientProtocol.KeysListed>(
                new ClientProtocol.ListKeys(Next(), Lent, ScanPosition.Of(new BucketKey(Lent, Key.Of("new"))), 10, Budget), Soon);
            Assert.Equal("new", Assert.Single(listed.Outcome.Keys).Key.ToString());
            var got = await _node.Coordinator.Ask<ClientProtocol.GetDone>(
                new ClientProtocol.Get(Next(), new BucketKey(Lent, Key.Of("k1")), Budget), Soon);
            Assert.True(got.State.IsEmpty);
        }
        finally
        {
            await again.Terminate();
        }
    }

    [Fact]
    public async Task A_strong_bucket_that_is_emptied_begins_anew_with_every_key()
    {
        await Start();
        await Change(Create(BucketPolicy.Strong));
        for (var i = 0; i < 5; i++) Assert.Equal(1UL, Do(new RegisterCommand.Put(Bytes("old")), $"k{i}").Version);
        Assert.Equal(["k0", "k1", "k2", "k3", "k4"], List(Lent));

        await Change(new BucketChange.Empty(Lent));

        Assert.Empty(List(Lent));
        Assert.Equal(0UL, Do(new RegisterCommand.Get(), "k1").Version);
        Assert.Equal(1UL, Do(new RegisterCommand.Put(Bytes("new")), "k1").Version);
        Assert.Equal(["k1"], List(Lent));
    }

    [Fact]
    public async Task A_listing_shows_what_a_read_would_show()
    {
        await Start();
        for (var i = 0; i < 300; i++) Put(BucketName.Default, $"k{i}");
        for (var i = 0; i < 300; i += 3) Put(BucketName.Default, $"k{i}", delete: true);
        Put(BucketName.Default, "expired", expiresAt: 1);

        var expected = Enumerable.Range(0, 300).Where(i => i % 3 != 0).Select(i => $"k{i}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, List(BucketName.Default));
        Assert.Equal(expected, List(BucketName.Default, max: 1));
    }

    [Fact]
    public async Task A_change_of_a_bucket_by_message_is_answered_in_words()
    {
        await Start();
        _node.Coordinator.Tell(new ClientProtocol.ChangeBucket(Next(), new BucketChange.Drop(BucketName.Default)), TestActor);
        var refused = ExpectMsg<ClientProtocol.BucketChanged>(Soon);
        Assert.Equal((ClientProtocol.BucketOutcome.Refused, "The default bucket cannot be dropped. Nothing was changed. Delete its keys instead."),
            (refused.Outcome, refused.Text));
        _node.Coordinator.Tell(new ClientProtocol.ChangeBucket(Next(), Create(BucketPolicy.LastWriterWins)), TestActor);
        Assert.Equal(ClientProtocol.BucketOutcome.Done, ExpectMsg<ClientProtocol.BucketChanged>(Soon).Outcome);
        Assert.NotNull(_node.Ring.Buckets.Find(Lent));
    }

    private async Task Start() => _node = await TestNodes.Start(Sys, files: _files);

    private async Task Change(BucketChange change)
    {
        var answer = await _node.RingOwner.Ask<RingCommands.Answered>(new RingCommands.ChangeBucket(change), Soon);
        Assert.Equal((RingCommands.Outcome.Done, ""), (answer.Outcome, answer.Words));
    }

    private static BucketChange.Create Create(BucketPolicy policy) =>
        new(Lent, policy, Quorum.OfMajorities(1, sloppy: policy != BucketPolicy.Strong));

    private void Put(BucketName bucket, string key, bool delete = false, long expiresAt = 0)
    {
        ReadOnlyMemory<byte>? value = null;
        if (!delete) value = Bytes("v");
        _node.Coordinator.Tell(
            new ClientProtocol.Put(Next(), new BucketKey(bucket, Key.Of(key)), value, Budget) { ExpiresAt = expiresAt }, TestActor);
        Assert.Equal(PutResult.Done, ExpectMsg<ClientProtocol.PutDone>(Soon).Result);
    }

    private ClientProtocol.GetDone Get(BucketName bucket, string key)
    {
        _node.Coordinator.Tell(new ClientProtocol.Get(Next(), new BucketKey(bucket, Key.Of(key)), Budget), TestActor);
        return ExpectMsg<ClientProtocol.GetDone>(Soon);
    }

    private RegisterOutcome.Done Do(RegisterCommand command, string key)
    {
        _node.Coordinator.Tell(new ClientProtocol.DoRegister(Next(), new BucketKey(Lent, Key.Of(key)), command, Budget), TestActor);
        return Assert.IsType<RegisterOutcome.Done>(ExpectMsg<ClientProtocol.RegisterDone>(Soon).Outcome);
    }

    /// <summary>All keys, by a walk through everything; each is met once.</summary>
    private IEnumerable<string> List(BucketName bucket, int max = 100)
    {
        var found = new List<string>();
        for (ScanPosition? at = ScanPosition.Start; at is { } from;)
        {
            _node.Coordinator.Tell(new ClientProtocol.ListKeys(Next(), bucket, from, max, Budget), TestActor);
            var outcome = ExpectMsg<ClientProtocol.KeysListed>(Soon).Outcome;
            Assert.Equal(GetResult.Done, outcome.Result);
            found.AddRange(outcome.Keys.Select(listed => listed.Key.ToString()));
            at = outcome.Next;
        }
        return found.Order(StringComparer.Ordinal);
    }

    private RequestId Next() => new(1, ++_requests);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
