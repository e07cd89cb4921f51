using Akka.Actor;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Settings;
using KvStore.Wire;

namespace KvStore.Node.Coordination;

/// <summary>
/// /user/kv/coordinator: a request in, and for each one a short-lived child that asks the replicas, answers once and stops. A
/// plain write goes to
/// the first reachable primary of its key, so that only replicas mint dots and a hot key grows no siblings.
/// Invariant: at most <c>requests-in-flight</c> children; one more request is answered BUSY at once.
/// </summary>
public sealed class CoordinatorActor : ReceiveActor
{
    private readonly RequestContext _context;
    private readonly Ring _ring;
    private readonly int _maxInFlight;
    private long _started;
    private int _inFlight;

    public CoordinatorActor(RequestContext context, Ring ring, int maxInFlight)
    {
        (_context, _ring, _maxInFlight) = (context, ring, maxInFlight);
        Receive<ClientProtocol.Get>(OnGet);
        Receive<ClientProtocol.Put>(OnPut);
        Receive<RequestEnded>(_ => _inFlight--);
    }

    public static Props Props(RequestContext context, Ring ring, int maxInFlight) =>
        Akka.Actor.Props.Create(() => new CoordinatorActor(context, ring, maxInFlight));

    private void OnGet(ClientProtocol.Get get)
    {
        if (IsBusy) Sender.Tell(new ClientProtocol.Busy(get.Request));
        else if (!_context.Quorum.TryReplaceBy(get.Quorum, out var quorum, out var wrong)) Refuse(get, wrong);
        else StartChild(QuorumRead.Props(_context, PlanOf(get.Key, quorum), quorum, get, Sender), "get");
    }

    private void OnPut(ClientProtocol.Put put)
    {
        if (IsBusy)
        {
            Sender.Tell(new ClientProtocol.Busy(put.Request));
            return;
        }
        if (!_context.Quorum.TryReplaceBy(put.Quorum, out var quorum, out var wrong)
            || !_context.Contexts.TryOpen(put.Key, put.Context.Span, out var context, out wrong))
        {
            Refuse(put, wrong);
            return;
        }
        var plan = PlanOf(put.Key, quorum);
        var coordinator = PutOperation.ChooseCoordinator(plan, _context.IsReachable);
        if (coordinator is null) Sender.Tell(NobodyReachable(put));
        else if (coordinator == _context.Self)
            StartChild(QuorumWrite.Props(_context, plan, quorum, new QuorumWrite.Write(put, context), Sender), "put");
        else _context.Peers.Link(coordinator.Value).Forward(put);
    }

    private void Refuse(ClientProtocol.IClientRequest request, string why) =>
        Sender.Tell(new ClientProtocol.BadRequest(request.Request, why));

    private bool IsBusy => _inFlight >= _maxInFlight;

    private PreferenceList PlanOf(BucketKey key, Quorum quorum) => _ring.PreferenceList(key, quorum.N);

    private static ClientProtocol.PutDone NobodyReachable(ClientProtocol.Put put) =>
        new(put.Request, PutResult.NotDone, PutReason.QuorumImpossible, Refusal.None, default, Dot: null);

    private void StartChild(Props props, string kind)
    {
        _inFlight++;
        Context.ActorOf(props, $"{kind}-{++_started}");
    }

    /// <summary>A child's last word before it stops: its place is free.</summary>
    public sealed class RequestEnded
    {
        public static readonly RequestEnded Instance = new();
    }
}
