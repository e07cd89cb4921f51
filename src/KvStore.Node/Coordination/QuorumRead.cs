using System.Diagnostics;
using Akka.Actor;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Membership;
using KvStore.Wire;

namespace KvStore.Node.Coordination;

/// <summary>
/// One read: carries out what its <see cref="GetOperation"/> asks for, read repair included. Parent: the coordinator; lives for
/// one request.
/// Fails whole: an exception stops it, the client's ask then ends at its deadline.
/// </summary>
public sealed class QuorumRead : UntypedActor, IWithTimers
{
    private readonly RequestContext _context;
    private readonly GetOperation _operation;
    private readonly PreferenceList _plan;
    private readonly Quorum _quorum;
    private readonly ClientProtocol.Get _get;
    private readonly IActorRef _client;
    private readonly List<GetEffect> _effects = [];
    private readonly TimeSpan _began = Now;
    private NodeId _refusedBy;

    public QuorumRead(RequestContext context, PreferenceList plan, Quorum quorum, ClientProtocol.Get get, IActorRef client)
    {
        (_context, _plan, _quorum, _get, _client) = (context, plan, quorum, get, client);
        var options = new ReadOptions
        {
            Deadline = get.Budget,
            HedgeAfter = context.Timeouts.Hedge,
            ReplaceAfter = context.Timeouts.Replica,
            AskFirst = quorum.R,
            Nearest = context.Self,
            Monotonic = get.Monotonic,
        };
        _operation = new GetOperation(plan, quorum, context.IsReachable, options);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(RequestContext context, PreferenceList plan, Quorum quorum, ClientProtocol.Get get, IActorRef client) =>
        Akka.Actor.Props.CreateBy(new RequestProducer<QuorumRead>(() => new QuorumRead(context, plan, quorum, get, client)));

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
            case ReplicaProtocol.ReplicaRead m:
                _operation.OnAnswer(m.Node, m.Answer, _effects);
                break;
            case ReplicaProtocol.ReplicaStored m:
                _operation.OnRepaired(m.Node, _effects);
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
        if (ring.Buckets.Admits(_get.Key.Bucket, _plan.Epoch)) _operation.OnPlan(ring.PreferenceList(_get.Key, _quorum.N), _effects);
        else _operation.OnTimeout(_effects);
    }

    private void Perform()
    {
        for (var i = 0; i < _effects.Count; i++) Perform(_effects[i]);
        _effects.Clear();
    }

    private void Perform(GetEffect effect)
    {
        switch (effect)
        {
            case GetEffect.Ask ask:
                _context.ReplicasOf(ask.Node).Tell(new ReplicaProtocol.ReadReplica(ask.Epoch, _plan.Partition, _get.Key, _get.Budget));
                break;
            case GetEffect.Repair repair:
                RequestCounters.OnRepair();
                _context.ReplicasOf(repair.Node).Tell(new ReplicaProtocol.StoreReplica(
                    repair.Epoch, _plan.Partition, _get.Key, repair.Set, StandsFor: null, _get.Budget));
                break;
            case GetEffect.StartTimer timer:
                Timers.StartSingleTimer(Deadline.Instance, Deadline.Instance, timer.After);
                break;
            case GetEffect.StartHedgeTimer timer:
                Timers.StartSingleTimer(Hedge.Instance, Hedge.Instance, timer.After);
                break;
            case GetEffect.Reply reply:
                RequestCounters.OnRead(reply.Outcome, Now - _began);
                _client.Tell(AnswerOf(reply.Outcome));
                break;
            case GetEffect.RefreshRing refresh:
                _context.RingOwner.Tell(new RingCommands.AwaitEpoch(_refusedBy, refresh.AtLeast));
                break;
            case GetEffect.Finish:
                Context.Stop(Self);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private ClientProtocol.GetDone AnswerOf(GetOutcome outcome) =>
        new(_get.Request, outcome.Result, outcome.State, outcome.Tally)
        {
            Context = _get.WantsContext ? _context.Contexts.Seal(_get.Key, CausalContext.Of(outcome.State)) : default,
        };

    private sealed class Hedge
    {
        public static readonly Hedge Instance = new();
    }

    private sealed class Deadline
    {
        public static readonly Deadline Instance = new();
    }
}
