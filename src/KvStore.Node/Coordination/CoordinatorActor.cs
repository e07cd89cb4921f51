using Akka.Actor;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Node.Settings;
using KvStore.Wire;

namespace KvStore.Node.Coordination;

/// <summary>
/// /user/kv/coordinator: a request in, and for each one a short-lived child that asks the replicas, answers once and stops. A change goes to
/// the first reachable primary of its key, so that only replicas mint dots, a hot key grows no siblings, and proposers of a strong key do
/// not fight each other.
/// <para>A child that fails is not tried again, and its client hears at its deadline that nothing is known; a broken invariant goes up.</para>
/// Invariants: (1) at most <c>requests-in-flight</c> children; one more request is answered BUSY at once; (2) no request is passed on to and
/// fro, whatever rings the nodes have.
/// </summary>
public sealed class CoordinatorActor : ReceiveActor
{
    private readonly RequestContext _context;
    private readonly RequestPlaces _places;
    private long _started;

    public CoordinatorActor(RequestContext context, RequestPlaces places)
    {
        (_context, _places) = (context, places);
        Receive<ClientProtocol.Get>(OnGet);
        Receive<ClientProtocol.Put>(OnPut);
        Receive<ClientProtocol.DoRegister>(OnRegister);
        Receive<ClientProtocol.ListKeys>(OnList);
        Receive<ClientProtocol.ChangeBucket>(OnChangeBucket);
        Receive<ClientProtocol.GetRing>(OnGetRing);
        Receive<RequestEnded>(_ => _places.Leave());
    }

    public static Props Props(RequestContext context, int maxInFlight)
    {
        var places = new RequestPlaces(maxInFlight);
        return Akka.Actor.Props.Create(() => new CoordinatorActor(context, places));
    }

    /// <summary>A child that could not be made has no last word.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        if (failure is ActorInitializationException) _places.Leave();
        return KvSupervision.OfRequests.Decider.Decide(failure);
    });

    private void OnGet(ClientProtocol.Get get)
    {
        if (Admit(get, asRegister: false, get.Quorum, out _, out var quorum))
            StartChild(QuorumRead.Props(_context, PlanOf(get.Key, quorum), quorum, get, Sender), "get");
    }

    private void OnPut(ClientProtocol.Put put)
    {
        if (!Admit(put, asRegister: false, put.Quorum, out var bucket, out var quorum)) return;
        if (!_context.Contexts.TryOpen(put.Key, put.Context.Span, out var context, out var wrong))
        {
            Refuse(put, wrong);
            return;
        }
        var plan = PlanOf(put.Key, quorum);
        // Only a replica mints, and by which ring this node is one it will know in a moment.
        if (put.PassedOn > plan.Epoch && !plan.IsPrimary(_context.Self)) RefuseAsBusy(put);
        else if (CoordinatorOf(plan, put.PassedOn) is not { } coordinator) Sender.Tell(NobodyReachable(put));
        else if (coordinator != _context.Self) _context.Peers.Link(coordinator).Forward(put with { PassedOn = plan.Epoch });
        else StartChild(QuorumWrite.Props(_context, plan, quorum, new QuorumWrite.Write(put, context, bucket), Sender), "put");
    }

    private void OnRegister(ClientProtocol.DoRegister request)
    {
        if (!Admit(request, asRegister: true, asked: null, out _, out var quorum)) return;
        var plan = PlanOf(request.Key, quorum);
        if (CoordinatorOf(plan, request.PassedOn) is not { } coordinator)
            Sender.Tell(new ClientProtocol.RegisterDone(request.Request, new RegisterOutcome.NotDone(RegisterFailure.NoMajority)));
        else if (coordinator != _context.Self) _context.Peers.Link(coordinator).Forward(request with { PassedOn = plan.Epoch });
        else StartChild(QuorumRegister.Props(_context, plan, request, Sender), "register");
    }

    /// <summary>Whether the request may be done now; else it is answered here.</summary>
    private bool Admit(
        ClientProtocol.IClientRequest request, bool asRegister, Quorum? asked, out BucketDefinition bucket, out Quorum quorum)
    {
        bucket = null!;
        quorum = null!;
        if (_places.AreTaken) RefuseAsBusy(request);
        else if (_context.Ring.Buckets.Find(request.Key.Bucket) is not { } found)
            Refuse(request, $"There is no bucket '{request.Key.Bucket}'. Nothing was done.");
        else if (!found.Admits(asRegister, asked, out quorum, out var wrong)) Refuse(request, wrong);
        else
        {
            bucket = found;
            return true;
        }
        return false;
    }

    /// <summary>
    /// Which node coordinates a change of the key; null when none can be reached. What was passed on by a newer ring than this node's stays
    /// here: its sender knows better, and the replicas will say so. Otherwise it may go on, and never in a circle: by one ring only to an earlier
    /// one of the list, who takes itself for reachable, and else by a newer ring.
    /// </summary>
    private NodeId? CoordinatorOf(PreferenceList plan, RingEpoch passedOn) =>
        passedOn > plan.Epoch ? _context.Self : PutOperation.ChooseCoordinator(plan, _context.IsReachable);

    private void OnList(ClientProtocol.ListKeys request)
    {
        if (_places.AreTaken) Sender.Tell(new ClientProtocol.Busy(request.Request));
        else if (_context.Ring.Buckets.Find(request.Bucket) is not { } bucket)
            Refuse(request, $"There is no bucket '{request.Bucket}'. Nothing was done.");
        else
        {
            var ring = _context.Ring;
            var plan = ring.PreferenceList(ring.PartitionOf(request.From.First), bucket.Quorum.N);
            StartChild(QuorumList.Props(_context, plan, ring.PartitionCount, bucket.Quorum.R, new QuorumList.Listing(request, Sender)), "list");
        }
    }

    private void OnChangeBucket(ClientProtocol.ChangeBucket request)
    {
        if (_places.AreTaken) Sender.Tell(new ClientProtocol.Busy(request.Request));
        else StartChild(BucketRequest.Props(_context.RingOwner, request, Sender), "bucket");
    }

    private void OnGetRing(ClientProtocol.GetRing ask)
    {
        if (ask.Known < _context.Ring.Epoch) Sender.Tell(new ClientProtocol.RingIs(_context.Ring));
    }

    private void RefuseAsBusy(ClientProtocol.IClientRequest request)
    {
        RequestCounters.OnRefused("busy");
        Sender.Tell(new ClientProtocol.Busy(request.Request));
    }

    private void Refuse(ClientProtocol.IClientRequest request, string why)
    {
        RequestCounters.OnRefused("bad_request");
        Sender.Tell(new ClientProtocol.BadRequest(request.Request, why));
    }

    private PreferenceList PlanOf(BucketKey key, Quorum quorum) => _context.Ring.PreferenceList(key, quorum.N);

    private static ClientProtocol.PutDone NobodyReachable(ClientProtocol.Put put) =>
        new(put.Request, PutResult.NotDone, PutReason.QuorumImpossible, Refusal.None, default, Dot: null);

    private void StartChild(Props props, string kind)
    {
        _places.Take();
        _context.Requests.OnStarted(kind);
        Context.ActorOf(props, $"{kind}-{++_started}");
    }

    /// <summary>A child's last word before it stops: its place is free.</summary>
    public sealed class RequestEnded
    {
        public static readonly RequestEnded Instance = new();
    }
}
