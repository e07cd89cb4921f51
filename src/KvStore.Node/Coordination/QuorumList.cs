using System.Diagnostics;
using Akka.Actor;
using KvStore.Core.Coordination;
using KvStore.Core.Placement;
using KvStore.Wire;

namespace KvStore.Node.Coordination;

/// <summary>
/// One page of a bucket's keys: carries out what its <see cref="ListOperation"/> asks for. Parent: the coordinator; lives for one request. Fails
/// whole: an exception stops it, the client's ask then ends at its deadline.
/// </summary>
public sealed class QuorumList : ReceiveActor, IWithTimers
{
    private readonly RequestContext _context;
    private readonly PreferenceList _plan;
    private readonly ClientProtocol.ListKeys _request;
    private readonly IActorRef _client;
    private readonly ListOperation _operation;
    private readonly List<ListEffect> _effects = [];

    public QuorumList(RequestContext context, PreferenceList plan, int partitionCount, int needed, Listing listing)
    {
        (_context, _plan, _request, _client) = (context, plan, listing.Request, listing.Client);
        _operation = new ListOperation(plan, _request.Bucket, partitionCount, needed, context.IsReachable);
        Receive<ReplicaProtocol.ReplicaListed>(m => Do(() => _operation.OnPage(m.Node, m.Page, _effects)));
        Receive<ReplicaProtocol.ReplicaRefused>(m => Do(() => _operation.OnRefused(m.Node, _effects)));
        Receive<Slow>(_ => Do(() => _operation.OnSlow(_effects)));
        Receive<Deadline>(_ => Do(() => _operation.OnTimeout(_effects)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(RequestContext context, PreferenceList plan, int partitionCount, int needed, Listing listing) =>
        Akka.Actor.Props.Create(() => new QuorumList(context, plan, partitionCount, needed, listing));

    protected override void PreStart()
    {
        Timers.StartSingleTimer(Slow.Instance, Slow.Instance, _context.Timeouts.Replica);
        Timers.StartSingleTimer(Deadline.Instance, Deadline.Instance, _request.Budget);
        Do(() => _operation.Start(_effects));
    }

    protected override void PostStop() => Context.Parent.Tell(CoordinatorActor.RequestEnded.Instance);

    private void Do(Action step)
    {
        step();
        foreach (var effect in _effects) Perform(effect);
        _effects.Clear();
    }

    private void Perform(ListEffect effect)
    {
        switch (effect)
        {
            case ListEffect.Ask ask:
                _context.ReplicasOf(ask.Node).Tell(new ReplicaProtocol.ListReplica(
                    _plan.Epoch, _plan.Partition, _request.Bucket, _request.From, _request.Max, _request.Budget));
                break;
            case ListEffect.Reply reply:
                _client.Tell(new ClientProtocol.KeysListed(_request.Request, reply.Outcome));
                Context.Stop(Self);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>A listing, and who wants it.</summary>
    public sealed record Listing(ClientProtocol.ListKeys Request, IActorRef Client);

    private sealed class Slow
    {
        public static readonly Slow Instance = new();
    }

    private sealed class Deadline
    {
        public static readonly Deadline Instance = new();
    }
}
