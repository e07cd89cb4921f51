using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.AntiEntropy;
using KvStore.Node.Disk;
using KvStore.Node.Membership;
using KvStore.Wire;

namespace KvStore.Node.Replication;

/// <summary>
/// /user/kv/replicas: the parent of this node's replicas, and the one address that other nodes know. Hands each request to the replica of
/// its partition; a partition that this node is no primary of gets one when the first copy is left with it. A replica that fails starts
/// again from what is on disk; a broken invariant goes up, and stops the node.
/// </summary>
public sealed class ReplicasActor : ReceiveActor, IWithTimers
{
    /// <summary>Requests that wait for a ring; one more is refused.</summary>
    private const int MaxHeld = 10_000;

    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan HoldingPatience = TimeSpan.FromMilliseconds(500);

    private readonly ReplicaContext _context;
    private readonly IActorRef?[] _replicas;
    private readonly IActorRef?[] _acceptors;
    private readonly Queue<(ReplicaProtocol.IReplicaRequest Request, IActorRef Asker)> _held = new();
    private readonly HashSet<PartitionId> _awaited = [];
    private readonly HashSet<IActorRef> _closing = [];
    private RingEpoch _servedAt;
    private IActorRef? _waitsForReady;
    private IActorRef? _waitsForClosed;
    private bool _isClean = true;

    public ReplicasActor(ReplicaContext context)
    {
        (_context, _servedAt) = (context, context.Ring.Epoch);
        _replicas = new IActorRef?[context.Ring.PartitionCount];
        _acceptors = new IActorRef?[context.Ring.PartitionCount];
        foreach (var partition in context.Ring.PartitionsOf(context.Self, context.Ring.Replicas))
        {
            ReplicaOf(partition);
            _awaited.Add(partition);
        }
        // What comes most often is looked for first.
        Receive<ReplicaProtocol.ReadReplica>(read => ReplicaOf(read.Partition).Forward(read), read => IsOfRing(read) && !IsAhead(read));
        Receive<ReplicaProtocol.StoreReplica>(store => ReplicaOf(store.Partition).Forward(store), store => IsOfRing(store) && !IsAhead(store));
        Receive<ReplicaActor.MintReplica>(request => ReplicaOf(request.Partition).Forward(request));
        Receive<ReplicaProtocol.IReplicaRequest>(Hold, IsAhead);
        Receive<CurrentRing.RingChanged>(changed => OnRing(changed.Ring));
        Receive<TooLong>(_ => ReleaseHeld());
        // Before the ring of a fence is in force here, what this node is in it is not known: whoever asked asks again.
        Receive<ReplicaProtocol.FenceReplica>(_ => { }, request => request.Epoch > context.Ring.Epoch);
        Receive<ReplicaProtocol.IReplicaRequest>(request => TargetOf(request).Forward(request), IsOfRing);
        Receive<ReplicaActor.PrepareSource>(request => ReplicaOf(request.Partition).Forward(request));
        Receive<ReplicaActor.StoreStreamed>(request => ReplicaOf(request.Partition).Forward(request));
        Receive<ReplicaActor.NoteFilled>(request => ReplicaOf(request.Partition).Forward(request));
        Receive<ReplicaActor.DropCopy>(request => ReplicaOf(request.Partition).Forward(request));
        Receive<ReplicaExchanges.Start>(request => ReplicaOf(request.Partition).Forward(request));
        Receive<ReplicaReaping.Start>(request => ReplicaOf(request.Partition).Forward(request));
        Receive<AntiEntropyActor.SayIfNotWhole>(request =>
        {
            foreach (var replica in Context.GetChildren()) replica.Tell(request);
        });
        Receive<ReplicaActor.ReplicaReady>(OnReady);
        Receive<GetReady>(_ =>
        {
            _waitsForReady = Sender;
            SayReady();
        });
        Receive<StorageProtocol.StorageRestarted>(restarted =>
        {
            foreach (var replica in Context.GetChildren()) replica.Tell(restarted);
        });
        Receive<CloseReplicas>(_ => OnClose());
        Receive<ReplicaActor.ReplicaClosed>(_ => _closing.Remove(Sender));
        Receive<Terminated>(OnTerminated);
        Receive<TooLate>(_ => SayClosed(isClean: false));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ReplicaContext context) => Akka.Actor.Props.Create(() => new ReplicasActor(context));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(StorageProtocol.StorageRestarted));
        Context.System.EventStream.Subscribe(Self, typeof(CurrentRing.RingChanged));
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override SupervisorStrategy SupervisorStrategy() => KvSupervision.OfParts;

    /// <summary>Whether the sender has a newer ring than this node, which is then on its way here.</summary>
    private bool IsAhead(ReplicaProtocol.IReplicaRequest request) => IsOfRing(request) && EpochOf(request) > _context.Ring.Epoch && _held.Count < MaxHeld;

    /// <summary>A moment's patience in the place of a refusal; what is still ahead then is refused by the replica.</summary>
    private void Hold(ReplicaProtocol.IReplicaRequest request)
    {
        if (_held.Count == 0) Timers.StartSingleTimer(TooLong.Instance, TooLong.Instance, HoldingPatience);
        _held.Enqueue((request, Sender));
    }

    private void ReleaseHeld()
    {
        while (_held.TryDequeue(out var held)) TargetOf(held.Request).Tell(held.Request, held.Asker);
        Timers.Cancel(TooLong.Instance);
    }

    /// <summary>In a move its director has the replicas follow; keys to be deleted, and a new generation, have nobody else to say so.</summary>
    private void OnRing(Ring ring)
    {
        if (ring.Buckets.GoneSince(_servedAt) is not null || ring.Epoch.Generation > _servedAt.Generation)
            foreach (var replica in Context.GetChildren()) replica.Tell(ReplicaActor.FollowRing.Instance);
        _servedAt = ring.Epoch;
        ReleaseHeld();
    }

    private static RingEpoch EpochOf(ReplicaProtocol.IReplicaRequest request) => request switch
    {
        ReplicaProtocol.StoreReplica store => store.Epoch,
        ReplicaProtocol.ReadReplica read => read.Epoch,
        ReplicaProtocol.ListReplica list => list.Epoch,
        ReplicaProtocol.PrepareRegister prepare => prepare.Epoch,
        ReplicaProtocol.AcceptRegister accept => accept.Epoch,
        _ => RingEpoch.None,
    };

    private IActorRef TargetOf(ReplicaProtocol.IReplicaRequest request) => request switch
    {
        ReplicaProtocol.PrepareRegister or ReplicaProtocol.AcceptRegister => AcceptorOf(request.Partition),
        ReplicaProtocol.FenceReplica => _acceptors[request.Partition.Value] ?? ReplicaOf(request.Partition),
        _ => ReplicaOf(request.Partition),
    };

    private IActorRef ReplicaOf(PartitionId partition) =>
        _replicas[partition.Value] ??= Context.ActorOf(ReplicaActor.Props(_context, partition), partition.ToString());

    private IActorRef AcceptorOf(PartitionId partition) =>
        _acceptors[partition.Value] ??= Context.ActorOf(AcceptorActor.Props(_context, partition, ReplicaOf(partition)), $"a-{partition.Value}");

    private bool IsOfRing(ReplicaProtocol.IReplicaRequest request) => request.Partition.Value < _replicas.Length;

    private void OnReady(ReplicaActor.ReplicaReady ready)
    {
        _awaited.Remove(ready.Partition);
        SayReady();
    }

    private void SayReady()
    {
        if (_awaited.Count > 0) return;
        _waitsForReady?.Tell(Ready.Instance);
        _waitsForReady = null;
    }

    private void OnClose()
    {
        if (_waitsForClosed is not null) return;
        _waitsForClosed = Sender;
        Timers.StartSingleTimer(TooLate.Instance, TooLate.Instance, ClosingPatience);
        foreach (var replica in Context.GetChildren())
        {
            _closing.Add(replica);
            Context.Watch(replica);
            replica.Tell(ReplicaActor.CloseReplica.Instance);
        }
        if (_closing.Count == 0) SayClosed(isClean: true);
    }

    /// <summary>A replica that stops without having said that all is written leaves it to the next start to look.</summary>
    private void OnTerminated(Terminated terminated)
    {
        if (_closing.Remove(terminated.ActorRef)) _isClean = false;
        if (!Context.GetChildren().Any()) SayClosed(_isClean);
    }

    private void SayClosed(bool isClean)
    {
        _waitsForClosed?.Tell(new ReplicasClosed(isClean));
        _waitsForClosed = null;
        Timers.CancelAll();
    }

    /// <summary>Asks when every replica of this node takes requests. Answered with <see cref="Ready"/>.</summary>
    public sealed class GetReady
    {
        public static readonly GetReady Instance = new();
    }

    public sealed class Ready
    {
        public static readonly Ready Instance = new();
    }

    /// <summary>The node stops in order. Answered with <see cref="ReplicasClosed"/>, within a bound.</summary>
    public sealed class CloseReplicas
    {
        public static readonly CloseReplicas Instance = new();
    }

    /// <param name="IsClean">Whether everything was ended and written down.</param>
    public sealed record ReplicasClosed(bool IsClean);

    private sealed class TooLong
    {
        public static readonly TooLong Instance = new();
    }

    private sealed class TooLate
    {
        public static readonly TooLate Instance = new();
    }
}
