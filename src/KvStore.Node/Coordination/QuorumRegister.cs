using System.Buffers.Binary;
using System.Diagnostics;
using Akka.Actor;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Node.Membership;
using KvStore.Wire;

namespace KvStore.Node.Coordination;

/// <summary>
/// One operation on a strong key: carries out what its <see cref="RegisterOperation"/> asks for. Parent: the coordinator; lives for one
/// request. Fails whole: an exception stops it, the client's ask then ends at its deadline as unknown.
/// </summary>
public sealed class QuorumRegister : ReceiveActor, IWithTimers
{
    private readonly RequestContext _context;
    private PreferenceList _plan;
    private readonly ClientProtocol.DoRegister _request;
    private readonly IActorRef _client;
    private readonly RegisterOperation _operation;
    private readonly List<RegisterEffect> _effects = [];
    private readonly TimeSpan _began = Now;
    private uint _draws;

    public QuorumRegister(RequestContext context, PreferenceList plan, ClientProtocol.DoRegister request, IActorRef client)
    {
        (_context, _plan, _request, _client) = (context, plan, request, client);
        _operation = new RegisterOperation(plan, request.Command, request.Request, Now + request.Budget, context.Ballots, new RegisterOptions())
        {
            // By gossip alone: a line that is being opened anew is no reason to give up.
            IsReachable = context.Reachability.IsReachable,
            IsRepeat = request.IsRepeat,
        };
        Receive<ReplicaProtocol.RegisterAnswered>(m => Do(() => _operation.OnReply(m.Node, m.Reply, NextRandom(), _effects)));
        Receive<ReplicaProtocol.ReplicaRefused>(
            m => Do(() => _operation.OnStaleRing(m.Node, m.Epoch, _effects)), m => m.Refusal == Refusal.StaleEpoch);
        Receive<ReplicaProtocol.ReplicaRefused>(
            m => Do(() => _operation.OnBusy(m.Node, NextRandom(), _effects)), m => m.Refusal == Refusal.Busy);
        Receive<ReplicaProtocol.ReplicaRefused>(_ => { });
        Receive<CurrentRing.RingChanged>(m => OnRing(m.Ring));
        Receive<RoundTimer>(timer => Do(() => _operation.OnTimer(timer.Number, _effects)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(RequestContext context, PreferenceList plan, ClientProtocol.DoRegister request, IActorRef client) =>
        Akka.Actor.Props.Create(() => new QuorumRegister(context, plan, request, client));

    protected override void PreStart() => Do(() => _operation.Start(Now, _effects));

    protected override void PostStop() => Context.Parent.Tell(CoordinatorActor.RequestEnded.Instance);

    private void OnRing(Ring ring) => Do(() =>
    {
        var isEmptied = !ring.Buckets.Admits(_request.Key.Bucket, _plan.Epoch);
        var plan = ring.PreferenceList(_request.Key, _plan.N);
        _plan = plan.Epoch > _plan.Epoch ? plan : _plan;
        _operation.OnPlan(plan, _effects, isEmptied);
    });

    private void Do(Action step)
    {
        step();
        foreach (var effect in _effects) Perform(effect);
        _effects.Clear();
    }

    private void Perform(RegisterEffect effect)
    {
        switch (effect)
        {
            case RegisterEffect.SendPrepare prepare:
                _context.ReplicasOf(prepare.To).Tell(new ReplicaProtocol.PrepareRegister(
                    _plan.Epoch, _plan.Partition, _request.Key, prepare.Ballot));
                break;
            case RegisterEffect.SendAccept accept:
                _context.ReplicasOf(accept.To).Tell(new ReplicaProtocol.AcceptRegister(
                    _plan.Epoch, _plan.Partition, _request.Key, accept.Ballot, accept.Value));
                break;
            case RegisterEffect.RefreshRing refresh:
                _context.RingOwner.Tell(new RingCommands.AwaitEpoch(refresh.From, refresh.AtLeast));
                break;
            case RegisterEffect.StartTimer timer:
                Timers.StartSingleTimer(timer.Number, new RoundTimer(timer.Number), timer.Delay);
                break;
            case RegisterEffect.Reply reply:
                RequestCounters.OnRegister(reply.Outcome, Now - _began);
                _client.Tell(new ClientProtocol.RegisterDone(_request.Request, reply.Outcome));
                Context.Stop(Self);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Spreads retries, nothing more: different for each request and draw, and the same in every repetition of a run.</summary>
    private ulong NextRandom()
    {
        Span<byte> bytes = stackalloc byte[3 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _request.Request.Session);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[sizeof(ulong)..], _request.Request.Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(2 * sizeof(ulong))..], ++_draws);
        return StableHash.Of(bytes);
    }

    private sealed record RoundTimer(int Number);
}
