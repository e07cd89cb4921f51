using System.Collections.Concurrent;
using System.Text;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Client.Connection;
using KvStore.Client.Requests;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Core.Replication;
using KvStore.Wire;

namespace KvStore.Client.Tests;

/// <summary>The client against nodes that answer as they are told: silence, refusal, old states, other rings.</summary>
public sealed class ClientActorSpec : TestKit, IAsyncLifetime
{
    private static readonly KvClientOptions Options = new() { AttemptTimeout = TimeSpan.FromMilliseconds(300), HedgeReads = false };
    private static readonly Incarnation Writer = Incarnation.Of(Rings.Node(1), 1, 1);

    private readonly ScriptedNode[] _nodes = [new(), new(), new()];

    public ClientActorSpec() : base(KvClient.Configuration)
    {
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task A_write_that_meets_silence_is_sent_to_another_node_under_the_same_id()
    {
        var (ring, client) = Connected();
        var order = ring.PreferenceList(Rings.SomeKey, 3).Primaries;
        NodeOf(order[1]).Answer = Stored;

        var result = await Write(client);

        Assert.Equal(WriteStatus.Done, result.Status);
        Assert.Equal(2, result.Attempts);
        Assert.Equal(Assert.Single(NodeOf(order[0]).Asked), Assert.Single(NodeOf(order[1]).Asked));
    }

    [Fact]
    public async Task A_write_that_nobody_answers_is_unknown()
    {
        var (_, client) = Connected();

        var result = await Write(client, TimeSpan.FromMilliseconds(800));

        Assert.Equal(WriteStatus.Unknown, result.Status);
        Assert.Contains("may or may not be applied", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_node_is_asked_again_after_the_others()
    {
        var (ring, client) = Connected();
        var order = ring.PreferenceList(Rings.SomeKey, 3).Primaries;
        NodeOf(order[0]).Answer = message => new ClientProtocol.Busy(((ClientProtocol.Put)message).Request);
        NodeOf(order[1]).Answer = Stored;

        Assert.Equal(WriteStatus.Done, (await Write(client)).Status);
    }

    [Fact]
    public async Task A_strong_change_is_sent_as_a_repetition_once_an_attempt_may_have_made_it()
    {
        var (_, client) = Connected();
        var repeats = new ConcurrentQueue<bool>();
        AllAnswer(message =>
        {
            var asked = (ClientProtocol.DoRegister)message;
            repeats.Enqueue(asked.IsRepeat);
            return repeats.Count switch
            {
                1 => new ClientProtocol.Busy(asked.Request),
                2 => null,
                _ => new ClientProtocol.RegisterDone(asked.Request, new RegisterOutcome.Unknown(RegisterFailure.TooManyChangesSince)),
            };
        });

        var result = await client.Ask<StrongResult>(
            new StrongCall(Rings.SomeKey, new RegisterCommand.Put(Encoding.UTF8.GetBytes("v")), Options.RequestTimeout));

        Assert.Equal([false, false, true], repeats);
        Assert.Equal((StrongStatus.Unknown, 3), (result.Status, result.Attempts));
    }

    [Fact]
    public async Task What_makes_no_sense_is_said_so_at_once()
    {
        var (_, client) = Connected();
        AllAnswer(message => new ClientProtocol.BadRequest(((ClientProtocol.Put)message).Request, "No such bucket. Nothing was done."));

        var result = await Write(client);

        Assert.Equal(WriteStatus.NotDone, result.Status);
        Assert.Equal(1, result.Attempts);
        Assert.StartsWith("No such bucket", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_read_is_answered_by_a_second_node()
    {
        var (_, client) = Connected(Options with { HedgeReads = true, AttemptTimeout = TimeSpan.FromSeconds(20), RequestTimeout = TimeSpan.FromSeconds(30) });
        var asked = 0;
        AllAnswer(message => Interlocked.Increment(ref asked) == 1 ? null : Got(message, 1));

        var result = await Read(client, session: null);

        Assert.Equal("v1", result.Text);
        Assert.Equal(2, result.Attempts);
    }

    [Fact]
    public async Task A_session_asks_all_replicas_where_fewer_have_forgotten_what_it_has_seen()
    {
        var (_, client) = Connected();
        var session = new KvSession();
        AllAnswer(message => Got(message, 2));
        Assert.Equal("v2", (await Read(client, session)).Text);

        AllAnswer(message => ((ClientProtocol.Get)message).Quorum is { R: 3 } ? Got(message, 3) : Got(message, 1));

        Assert.Equal("v3", (await Read(client, session)).Text);
        Assert.Equal("v1", (await Read(client, session: null)).Text);
    }

    [Fact]
    public async Task A_session_asks_one_replica_more_before_it_asks_all()
    {
        var (_, client) = Connected();
        var session = new KvSession();
        AllAnswer(message => Got(message, 2));
        await Read(client, session);

        // One replica has what the session has seen, and another one is out of reach.
        AllAnswer(message => ((ClientProtocol.Get)message).Quorum switch
        {
            { R: 1 } => Got(message, 1, primaries: 1),
            { R: 2 } => Got(message, 2, primaries: 2),
            _ => Unreachable(message),
        });

        Assert.Equal("v2", (await Read(client, session, Quorum.Create(3, 1, 1))).Text);
    }

    [Fact]
    public async Task A_session_begins_again_where_some_owners_do_not_answer()
    {
        var (_, client) = Connected();
        var session = new KvSession();
        AllAnswer(message => Got(message, 2));
        await Read(client, session);
        var asked = 0;
        AllAnswer(message => Interlocked.Increment(ref asked) > 6 ? Got(message, 2, primaries: 2)
            : ((ClientProtocol.Get)message).Quorum is { R: 3 } ? Unreachable(message) : Got(message, 1, primaries: 2));

        Assert.Equal("v2", (await Read(client, session)).Text);
    }

    [Fact]
    public async Task A_session_that_cannot_be_met_says_so_and_shows_nothing_old()
    {
        var (_, client) = Connected();
        var session = new KvSession();
        AllAnswer(message => Got(message, 2));
        await Read(client, session);

        AllAnswer(message => Got(message, 1, primaries: 2));

        var result = await Read(client, session);
        Assert.Equal(ReadStatus.BehindSession, result.Status);
        Assert.Empty(result.Siblings);
    }

    [Fact]
    public async Task A_session_reads_its_own_writes()
    {
        var (_, client) = Connected();
        var session = new KvSession();
        AllAnswer(message => message is ClientProtocol.Put ? Stored(message) : Got(message, 1, primaries: 2));
        await client.Ask<WriteResult>(NewWrite(new PutOptions { Session = session }, Options.RequestTimeout));

        Assert.Equal(ReadStatus.BehindSession, (await Read(client, session)).Status);
    }

    [Fact]
    public async Task When_all_owners_say_that_there_is_nothing_left_a_session_believes_it()
    {
        var (_, client) = Connected();
        var session = new KvSession();
        AllAnswer(message => Got(message, 2));
        await Read(client, session);

        AllAnswer(message => new ClientProtocol.GetDone(
            ((ClientProtocol.Get)message).Request, GetResult.Done, SiblingSet.Empty, new OperationTally(3, 0, 0, 0, 0)));

        Assert.Equal(ReadStatus.Absent, (await Read(client, session)).Status);
        Assert.Equal(0, session.Count);
    }

    [Fact]
    public async Task A_newer_ring_is_followed_and_one_of_another_cluster_is_not()
    {
        var (ring, client) = Connected(Options with { RingRefresh = TimeSpan.FromMilliseconds(100) });
        var later = Rings.Later(ring);
        AllAnswer(message => message is ClientProtocol.GetRing ? new ClientProtocol.RingIs(later) : null);

        await AwaitAssertAsync(async () => Assert.Equal(later.Epoch, (await RingOf(client)).Epoch), TimeSpan.FromSeconds(10));
        client.Tell(new ClientProtocol.RingIs(new Ring(new ClusterId(9, 9), later.Epoch.Next(), 3, later.Members, later.Owners)));

        Assert.Equal(later.Epoch, (await RingOf(client)).Epoch);
    }

    [Fact]
    public async Task One_request_more_than_it_takes_ends_at_once()
    {
        var (_, client) = Connected(Options with { MaxInFlight = 1, AttemptTimeout = TimeSpan.FromSeconds(3) });
        var waiting = Write(client, TimeSpan.FromSeconds(2));

        var second = await Write(client);

        Assert.Equal(WriteStatus.NotDone, second.Status);
        Assert.Contains("MaxInFlight", second.Problem, StringComparison.Ordinal);
        Assert.Equal(WriteStatus.Unknown, (await waiting).Status);
    }

    [Fact]
    public async Task A_client_that_starts_again_uses_no_request_id_twice()
    {
        var (ring, client) = Connected();
        AllAnswer(Stored);
        Assert.Equal(WriteStatus.Done, (await Write(client)).Status);
        Fail(client);

        var early = await Write(client);
        Assert.Equal(WriteStatus.NotDone, early.Status);
        Assert.Contains("not connected", early.Problem, StringComparison.Ordinal);
        client.Tell(new ClientProtocol.RingIs(ring));
        Assert.Equal(WriteStatus.Done, (await Write(client)).Status);

        var asked = _nodes.SelectMany(node => node.Asked).ToList();
        Assert.Equal(2, asked.Count);
        Assert.Equal(2, asked.Distinct().Count());
    }

    [Fact]
    public async Task What_was_under_way_when_a_client_starts_again_is_unknown()
    {
        var (_, client) = Connected();
        var waiting = Write(client);
        Fail(client);

        Assert.Equal(WriteStatus.Unknown, (await waiting).Status);
    }

    /// <summary>What cannot be has come: the actor fails on it.</summary>
    private static void Fail(IActorRef client) => client.Tell(new ClientProtocol.RingIs(null!));

    private (Ring Ring, IActorRef Client) Connected(KvClientOptions? options = null)
    {
        var contact = ActorPath.Parse("akka.tcp://kv@127.0.0.1:1/user/x").Address;
        var client = Sys.ActorOf(ClientActor.Props(options ?? Options, [contact]));
        var ring = Rings.Of(3, [.. _nodes.Select(node => node.HostAndPort)]);
        client.Tell(new ClientProtocol.RingIs(ring));
        return (ring, client);
    }

    private ScriptedNode NodeOf(NodeId id) => _nodes[(int)id.Low - 1];

    private void AllAnswer(Func<IWireMessage, IWireMessage?> answer)
    {
        foreach (var node in _nodes) node.Answer = answer;
    }

    private static Task<WriteResult> Write(IActorRef client, TimeSpan? timeout = null) =>
        client.Ask<WriteResult>(NewWrite(PutOptions.Default, timeout ?? Options.RequestTimeout));

    private static WriteCall NewWrite(PutOptions options, TimeSpan timeout) =>
        new(Rings.SomeKey, Encoding.UTF8.GetBytes("v"), options, timeout) { Mode = WriteMode.Overwrite };

    private static Task<ReadResult> Read(IActorRef client, KvSession? session, Quorum? quorum = null) =>
        client.Ask<ReadResult>(new ReadCall(Rings.SomeKey, new GetOptions { Session = session, Quorum = quorum }, Options.RequestTimeout));

    private static async Task<Ring> RingOf(IActorRef client) =>
        (await client.Ask<ClientActor.RingKnown>(ClientActor.AwaitRing.Instance, Options.RequestTimeout)).Ring;

    private static ClientProtocol.PutDone Stored(IWireMessage message) => new(
        ((ClientProtocol.Put)message).Request, PutResult.Done, PutReason.None, Refusal.None, default, new Dot(Writer, 9));

    private static ClientProtocol.GetDone Unreachable(IWireMessage message) => new(
        ((ClientProtocol.Get)message).Request, GetResult.QuorumImpossible, SiblingSet.Empty, default);

    /// <summary>The state after so many writes.</summary>
    private static ClientProtocol.GetDone Got(IWireMessage message, ulong writes, int primaries = 3)
    {
        var dot = new Dot(Writer, writes);
        var state = SiblingSet.Of(VersionVector.Of(dot), [Sibling.OfValue(dot, Encoding.UTF8.GetBytes($"v{writes}"))]);
        return new(((ClientProtocol.Get)message).Request, GetResult.Done, state, new OperationTally(primaries, 0, 0, 0, 0));
    }
}
