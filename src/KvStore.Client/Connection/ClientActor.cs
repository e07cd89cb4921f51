using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Remote;
using KvStore.Client.Requests;
using KvStore.Client.Routing;
using KvStore.Client.Sessions;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Wire;

namespace KvStore.Client.Connection;

/// <summary>
/// A client's heart: gets the ring through the cluster client and then from the nodes themselves, and takes each call through its
/// <see cref="RequestRun"/>. Owner: one <see cref="KvClient"/>.
/// Invariants: (1) each call is answered exactly once, by its deadline; (2) no two calls have the same request id: each life of the actor
/// has a session of its own.
/// </summary>
internal sealed class ClientActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>One round in so many asks through the receptionist: members that are known may all be gone.</summary>
    private const ulong ThroughReceptionist = 3;

    /// <summary>Members that are asked at once where somebody waits for the ring: one of them may be gone.</summary>
    private const int AskedForRing = 2;

    private static long _lives;

    private readonly KvClientOptions _options;
    private readonly string _clusterName;
    private readonly string _protocol;
    private readonly IActorRef _clusterClient;
    private readonly NodeHealth _health = new();
    private readonly LatencyWindow _latencies = new();
    private readonly RetryBudget _budget;
    private readonly Dictionary<RequestId, PendingCall> _calls = [];
    private readonly PriorityQueue<RequestId, TimeSpan> _due = new();
    private readonly List<IActorRef> _awaitRing = [];
    private readonly List<IActorRef> _askRing = [];
    private readonly List<RunEffect> _effects = [];
    private readonly Random _random;
    private readonly ulong _session = NewSession(Context.System);
    private Routes? _routes;
    private TimeSpan _wakeAt = TimeSpan.MaxValue;
    private ulong _sequence;
    private ulong _round;

    public ClientActor(KvClientOptions options, IReadOnlyList<Address> contacts)
    {
        (_options, _clusterName, _protocol) = (options, contacts[0].System, contacts[0].Protocol);
        _random = new Random((int)(_session ^ _session >> 32));
        _budget = new RetryBudget(options.RetryShare);
        var paths = contacts.Select(address => ActorPath.Parse($"{address}/system/receptionist"));
        var settings = ClusterClientSettings.Create(Context.System).WithInitialContacts([.. paths]);
        _clusterClient = Context.ActorOf(ClusterClient.Props(settings), "cluster-client");
        Receive<ClientCall>(OnCall);
        Receive<ClientProtocol.RingIs>(m => OnRing(m.Ring));
        Receive<IWireMessage>(OnAnswer);
        Receive<Wake>(_ => OnWake());
        Receive<LookForRing>(_ => Look());
        Receive<AwaitRing>(_ => OnAwaitRing());
        Receive<AskRing>(_ => OnAskRing());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(KvClientOptions options, IReadOnlyList<Address> contacts) =>
        Akka.Actor.Props.Create(() => new ClientActor(options, contacts));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(LookForRing.Instance, LookForRing.Instance, TimeSpan.Zero, LookEvery);
    }

    /// <summary>What was under way ends here: what becomes of it this client will not hear.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        foreach (var pending in _calls.Values) pending.Asker.Tell(ResultOfLost(pending));
        base.PreRestart(reason, message);
    }

    private void OnCall(ClientCall call)
    {
        if (_routes is null)
        {
            Sender.Tell(NotConnectedResultOf(call));
            return;
        }
        if (_calls.Count >= _options.MaxInFlight)
        {
            Sender.Tell(BusyResultOf(call));
            return;
        }
        var now = Now;
        var id = new RequestId(_session, ++_sequence);
        var deadline = now + call.Timeout;
        var pending = new PendingCall(call, id, Sender, now, deadline, NewRun(call, deadline, now));
        _calls.Add(id, pending);
        Do(pending, effects => pending.Run.Start(now, effects));
    }

    private static object BusyResultOf(ClientCall call) => call switch
    {
        ReadCall => ReadAnswers.Busy(),
        WriteCall => WriteAnswers.Busy(),
        StrongCall => StrongAnswers.Busy(),
        _ => BucketAnswers.Busy(),
    };

    private static object NotConnectedResultOf(ClientCall call) => call switch
    {
        ReadCall => ReadAnswers.NotConnected(),
        WriteCall => WriteAnswers.NotConnected(),
        StrongCall => StrongAnswers.NotConnected(),
        _ => BucketAnswers.NotConnected(),
    };

    private static object ResultOfLost(PendingCall pending) => pending.Call switch
    {
        ReadCall => ReadAnswers.Of(last: null, pending.Attempts, ConflictPolicy.Siblings, wallMilliseconds: 0),
        WriteCall write => WriteAnswers.Of(last: null, mayBeApplied: true, write.IsRepeatable, pending.Attempts),
        StrongCall strong => StrongAnswers.Of(last: null, strong.Command is RegisterCommand.Get, mayBeApplied: true, pending.Attempts),
        _ => BucketAnswers.Of(last: null),
    };

    private RequestRun NewRun(ClientCall call, TimeSpan deadline, TimeSpan now)
    {
        if (call is not KeyCall key)
        {
            // A change of a bucket is not safe to repeat, and is left to one node, which may need long.
            var members = _routes!.Ring.Members.Select(member => member.Id).OrderBy(node => _health.IsSuspect(node, now)).ToList();
            return new RequestRun(members, new RunLimits(deadline, call.Timeout, 1, null), _budget, _health, _random.NextDouble());
        }
        var isRead = call is ReadCall;
        var order = CoordinatorOrder.Of(_routes!.Ring, key.Key, isRead, _sequence, _health, now);
        var hedge = isRead && _options.HedgeReads ? (TimeSpan?)_latencies.Slow : null;
        var limits = new RunLimits(deadline, _options.AttemptTimeout, _options.MaxAttempts, hedge);
        return new RequestRun(order, limits, _budget, _health, _random.NextDouble());
    }

    private void OnAnswer(IWireMessage answer)
    {
        if (Verdict.Of(answer) is not { } verdict || !_calls.TryGetValue(IdOf(answer), out var pending)) return;
        var from = _routes!.NodeAt(Sender.Path.Address);
        Do(pending, effects => pending.Run.OnAnswer(verdict, from, Now, effects));
    }

    private static RequestId IdOf(IWireMessage answer) => answer switch
    {
        ClientProtocol.GetDone get => get.Request,
        ClientProtocol.PutDone put => put.Request,
        ClientProtocol.RegisterDone register => register.Request,
        ClientProtocol.BucketChanged bucket => bucket.Request,
        ClientProtocol.Busy busy => busy.Request,
        ClientProtocol.BadRequest bad => bad.Request,
        _ => RequestId.None,
    };

    private void Do(PendingCall pending, Action<List<RunEffect>> step)
    {
        _effects.Clear();
        step(_effects);
        for (var i = 0; i < _effects.Count; i++) Perform(pending, _effects[i]);
        if (!_calls.ContainsKey(pending.Id)) return;
        _due.Enqueue(pending.Id, pending.Run.DueAt);
        WakeBy(pending.Run.DueAt);
    }

    private void Perform(PendingCall pending, RunEffect effect)
    {
        if (effect is RunEffect.Send send)
            _routes!.Coordinator(send.Node)?.Tell(pending.Call.RequestOf(pending.Id, send.Budget, pending.Run.MayBeApplied));
        else if (effect is RunEffect.Finish finish) Finish(pending, finish.Last);
    }

    private void Finish(PendingCall pending, Verdict? last)
    {
        object? result = pending.Call switch
        {
            ReadCall read => ReadResultOf(pending, read, last),
            WriteCall write => WriteResultOf(pending, write, last),
            StrongCall strong => StrongAnswers.Of(last, strong.Command is RegisterCommand.Get, pending.Run.MayBeApplied, pending.Attempts),
            _ => BucketAnswers.Of(last),
        };
        if (result is null) return; // it goes on
        _calls.Remove(pending.Id);
        pending.Asker.Tell(result);
        if (pending.Call is BucketCall) AskAnyForRing(_routes!.Ring.Epoch);
    }

    private static WriteResult WriteResultOf(PendingCall pending, WriteCall call, Verdict? last)
    {
        if (last?.Answer is ClientProtocol.PutDone { Dot: { } dot, Result: PutResult.Done }) call.Session?.Memory.OnWritten(call.Key, dot);
        return WriteAnswers.Of(last, pending.Run.MayBeApplied, call.IsRepeatable, pending.Attempts);
    }

    /// <summary>Null when it goes on, since the answer is behind the session.</summary>
    private ReadResult? ReadResultOf(PendingCall pending, ReadCall call, Verdict? last)
    {
        var policy = _routes!.Ring.Buckets.Find(call.Key.Bucket)?.Conflicts ?? ConflictPolicy.Siblings;
        var wall = Context.System.Scheduler.Now.ToUnixTimeMilliseconds();
        var result = ReadAnswers.Of(last, pending.Attempts, policy, wall);
        if (last?.Answer is not ClientProtocol.GetDone { Result: GetResult.Done } done)
            return !pending.IsBehind ? result : BeginAgain(pending) ? null : ReadAnswers.BehindSession(result);
        _latencies.Add(Now - pending.Began);
        if (call.Session is not { } session) return result;
        if (!session.Memory.IsMetBy(call.Key, done.State.Context))
        {
            pending.IsBehind = true;
            if (SessionLadder.Next(call.Options.Quorum ?? QuorumOf(call.Key), CopiesOf(call.Key)) is { } more)
                return GoOn(pending, call with { Options = call.Options with { Quorum = more } }, TimeSpan.Zero) ? null : ReadAnswers.BehindSession(result);
            if (done.Tally.Primaries < CopiesOf(call.Key)) return BeginAgain(pending) ? null : ReadAnswers.BehindSession(result);
            session.Memory.Forget(call.Key);
        }
        session.Memory.OnRead(call.Key, done.State.Context);
        return result;
    }

    private bool BeginAgain(PendingCall pending) => pending.Rounds < SessionLadder.MaxRounds
        && GoOn(pending, pending.FirstCall, SessionLadder.Pause(pending.Rounds++));

    /// <summary>False when there is no time left for it.</summary>
    private bool GoOn(PendingCall pending, ClientCall call, TimeSpan pause)
    {
        var now = Now;
        if (now + pause >= pending.Deadline) return false;
        pending.AttemptsBefore = pending.Attempts;
        pending.Call = call;
        pending.Run = NewRun(call, pending.Deadline, now);
        if (pause == TimeSpan.Zero) pending.Run.Start(now, _effects);
        else pending.Run.StartLater(now, pause);
        return true;
    }

    private Quorum QuorumOf(BucketKey key)
    {
        var ring = _routes!.Ring;
        return ring.Buckets.Find(key.Bucket)?.Quorum ?? Quorum.OfMajorities(Math.Min(3, ring.Replicas));
    }

    private int CopiesOf(BucketKey key)
    {
        var ring = _routes!.Ring;
        return ring.PreferenceList(key, QuorumOf(key).N).Primaries.Length;
    }

    private void OnWake()
    {
        _wakeAt = TimeSpan.MaxValue;
        var now = Now;
        while (_due.TryPeek(out var id, out var at) && at <= now)
        {
            _due.Dequeue();
            if (_calls.TryGetValue(id, out var pending)) Do(pending, effects => pending.Run.OnDue(now, effects));
        }
        if (_due.TryPeek(out _, out var next)) WakeBy(next);
    }

    private void WakeBy(TimeSpan at)
    {
        if (at >= _wakeAt) return;
        _wakeAt = at;
        var wait = at - Now;
        Timers.StartSingleTimer(Wake.Instance, Wake.Instance, wait > TimeSpan.Zero ? wait : TimeSpan.FromTicks(1));
    }

    private void Look()
    {
        var ask = new ClientProtocol.GetRing(_routes?.Ring.Epoch ?? RingEpoch.None);
        var round = _round++;
        if (_routes?.Any(round) is { } member && round % ThroughReceptionist != 0) member.Tell(ask);
        else _clusterClient.Tell(new ClusterClient.Send("/user/kv/coordinator", ask, localAffinity: true));
    }

    private void OnRing(Ring ring)
    {
        if (_routes is { } known && ring.Cluster != known.Ring.Cluster) return;
        if (_routes is null || ring.Epoch > _routes.Ring.Epoch) Follow(ring);
        foreach (var waiting in _askRing) waiting.Tell(new RingKnown(_routes!.Ring));
        _askRing.Clear();
    }

    private void Follow(Ring ring)
    {
        if (_routes is null)
            Timers.StartPeriodicTimer(LookForRing.Instance, LookForRing.Instance, _options.RingRefresh);
        var provider = ((ExtendedActorSystem)Context.System).Provider;
        _routes = new Routes(ring, _clusterName, _protocol, provider.ResolveActorRef);
        foreach (var waiting in _awaitRing) waiting.Tell(new RingKnown(ring));
        _awaitRing.Clear();
    }

    /// <summary>Answered with what a node says now, be it what is known already.</summary>
    private void OnAskRing()
    {
        _askRing.Add(Sender);
        for (var i = 0; i < AskedForRing; i++) AskAnyForRing(RingEpoch.None);
    }

    private void AskAnyForRing(RingEpoch known) => _routes?.Any(_round++)?.Tell(new ClientProtocol.GetRing(known));

    private void OnAwaitRing()
    {
        if (_routes is { } routes) Sender.Tell(new RingKnown(routes.Ring));
        else _awaitRing.Add(Sender);
    }

    /// <summary>
    /// Names this actor's requests, and nobody else's: the runtime's random uid of the system, the time, and how many there have been.
    /// </summary>
    private static ulong NewSession(ActorSystem system)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int) + sizeof(long)];
        BitConverter.TryWriteBytes(bytes, AddressUidExtension.Uid(system));
        BitConverter.TryWriteBytes(bytes[sizeof(int)..], system.Scheduler.Now.UtcTicks ^ Interlocked.Increment(ref _lives) << 48);
        return StableHash.Of(bytes) | 1;
    }

    /// <summary>Answered by <see cref="RingKnown"/>, as soon as there is one.</summary>
    public sealed class AwaitRing
    {
        public static readonly AwaitRing Instance = new();
    }

    /// <summary>Ask a node for the ring. Answered by <see cref="RingKnown"/>.</summary>
    public sealed class AskRing
    {
        public static readonly AskRing Instance = new();
    }

    public sealed record RingKnown(Ring Ring);

    private sealed class Wake
    {
        public static readonly Wake Instance = new();
    }

    private sealed class LookForRing
    {
        public static readonly LookForRing Instance = new();
    }
}
