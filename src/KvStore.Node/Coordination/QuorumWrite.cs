using System.Diagnostics;
using Akka.Actor;
using KvStore.Core.Buckets;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Membership;
using KvStore.Core.Replication;
using KvStore.Node.AntiEntropy;
using KvStore.Node.Hints;
using KvStore.Node.Replication;
using KvStore.Wire;

namespace KvStore.Node.Coordination;

/// <summary>
/// One write: carries out what its <see cref="PutOperation"/> asks for. Parent: the coordinator; lives for one request. Fails whole: an
/// exception stops it, the client's ask then ends at its deadline as unknown.
/// </summary>
public sealed class QuorumWrite : UntypedActor, IWithTimers
{
    private readonly RequestContext _context;
    private readonly PutOperation _operation;
    private readonly PreferenceList _plan;
    private readonly Quorum _quorum;
    private readonly Write _write;
    private readonly ClientProtocol.Put _put;
    private readonly IActorRef _client;
    private readonly List<PutEffect> _effects = [];
    private readonly TimeSpan _began = Now;
    private NodeId _refusedBy;

    public QuorumWrite(RequestContext context, PreferenceList plan, Quorum quorum, Write write, IActorRef client)
    {
        (_context, _plan, _quorum, _write, _client) = (context, plan, quorum, write, client);
        _put = write.Put;
        _operation = new PutOperation(context.Self, plan, quorum, context.IsReachable, _put.Budget, context.Timeouts.Replica)
        {
            Bugs = context.Bugs,
        };
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(RequestContext context, PreferenceList plan, Quorum quorum, Write write, IActorRef client) =>
        Akka.Actor.Props.CreateBy(new RequestProducer<QuorumWrite>(() => new QuorumWrite(context, plan, quorum, write, client)));

    protected override void PreStart()
    {
        _operation.Start(_effects);
        Perform();
    }

    protected override void PostStop() => Context.Parent.Tell(CoordinatorActor.RequestEnded.Instance);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ReplicaActor.ReplicaMinted m:
                _operation.OnMinted(m.Dot, m.Set, _effects);
                break;
            case ReplicaProtocol.ReplicaStored m:
                _operation.OnAck(m.Node, m.Durable, _effects);
                break;
            case ReplicaProtocol.ReplicaRefused m:
                _refusedBy = m.Node;
                _operation.OnRefused(m.Node, m.Refusal, m.Epoch, _effects);
                break;
            case CurrentRing.RingChanged m:
                OnRing(m.Ring);
                break;
            case Hedge:
                _operation.OnHedge(_effects);
                break;
            case Deadline:
                _operation.OnTimeout(_effects);
                break;
            default:
                Unhandled(message);
                break;
        }
        Perform();
    }

    /// <summary>Goes on under the newer ring, unless the bucket was dropped or emptied meanwhile: what was of it must not get into what is now.</summary>
    private void OnRing(Ring ring)
    {
        if (ring.Buckets.Admits(_put.Key.Bucket, _plan.Epoch)) _operation.OnPlan(ring.PreferenceList(_put.Key, _quorum.N), _effects);
        else _operation.OnTimeout(_effects);
    }

    private void Perform()
    {
        for (var i = 0; i < _effects.Count; i++) Perform(_effects[i]);
        _effects.Clear();
    }

    private void Perform(PutEffect effect)
    {
        switch (effect)
        {
            case PutEffect.Mint mint:
                // A copy that stands in for an owner is booked as a hint before it is stored.
                (mint.StandsFor is null ? _context.Replicas : _context.Hints).Tell(
                    new ReplicaActor.MintReplica(mint.Epoch, _plan.Partition, _put.Key, Request(), mint.StandsFor));
                break;
            case PutEffect.Send send:
                _context.ReplicasOf(send.Node).Tell(new ReplicaProtocol.StoreReplica(
                    send.Epoch, _plan.Partition, _put.Key, send.Set, send.StandsFor, _put.Budget));
                break;
            case PutEffect.StartTimer timer:
                Timers.StartSingleTimer(Deadline.Instance, Deadline.Instance, timer.After);
                break;
            case PutEffect.StartHedgeTimer timer:
                Timers.StartSingleTimer(Hedge.Instance, Hedge.Instance, timer.After);
                break;
            case PutEffect.Reply reply:
                RequestCounters.OnWritten(reply.Outcome, Now - _began);
                _client.Tell(AnswerOf(reply.Outcome));
                break;
            case PutEffect.RefreshRing refresh:
                _context.RingOwner.Tell(new RingCommands.AwaitEpoch(_refusedBy, refresh.AtLeast));
                break;
            case PutEffect.LeaveHint hint:
                _context.Hints.Tell(new HintActor.KeepHint(hint.Owner, _plan.Partition, _put.Key, hint.Set.ValueBytes()));
                break;
            case PutEffect.MarkDirty dirty:
                _context.AntiEntropy.Tell(new AntiEntropyActor.MarkDirty(_plan.Partition, dirty.Owner));
                break;
            case PutEffect.Finish:
                Context.Stop(Self);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private WriteRequest Request() => new()
    {
        Request = _put.Request,
        Value = _put.Value ?? default,
        IsDelete = _put.Value is null,
        Mode = _put.Mode,
        Context = _write.Context,
        Policy = _write.Bucket.Conflicts,
        ExpiresAt = _write.Bucket.ExpiryOf(_put.ExpiresAt, Context.System.Scheduler.Now.ToUnixTimeMilliseconds()),
    };

    private ClientProtocol.PutDone AnswerOf(PutOutcome outcome) =>
        new(_put.Request, outcome.Result, outcome.Reason, outcome.Refusal, outcome.Tally, outcome.Dot)
        {
            Context = _put.WantsContext && outcome.State is { } state
                ? _context.Contexts.Seal(_put.Key, CausalContext.Of(state))
                : default,
        };

    /// <summary>A write with the context it is based on, opened, and the bucket whose rules it follows.</summary>
    public sealed record Write(ClientProtocol.Put Put, CausalContext Context, BucketDefinition Bucket);

    private sealed class Hedge
    {
        public static readonly Hedge Instance = new();
    }

    private sealed class Deadline
    {
        public static readonly Deadline Instance = new();
    }
}
