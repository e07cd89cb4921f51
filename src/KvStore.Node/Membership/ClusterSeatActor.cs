using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Wire;

namespace KvStore.Node.Membership;

/// <summary>
/// /user/kv/seat: makes this node a member of the actor systems' cluster, which clients find each other's nodes by and keepers live in;
/// who owns what is the ring's to say. It joins the members that the ring names, and forms a cluster only when a majority of them is in
/// none either and leaves it to this node (<see cref="FoundingVote"/>). Where the owner of the actor system names seeds or joins by
/// itself, this does nothing. Parent: the node supervisor; a restart keeps the vote, for a promise binds.
/// </summary>
internal sealed class ClusterSeatActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(500);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeContext _node;
    private readonly Cluster _cluster;
    private readonly FoundingVote _vote;
    private readonly List<FoundingEffect> _effects = [];
    private bool _hasPromised;

    public ClusterSeatActor(NodeContext node, FoundingVote vote)
    {
        (_node, _vote, _cluster) = (node, vote, Cluster.Get(Context.System));
        Receive<Tick>(_ => OnTick());
        Receive<CurrentRing.RingChanged>(_ => Join());
        Receive<NodeProtocol.AskFounding>(OnAsked);
        Receive<NodeProtocol.FoundingAnswered>(answered => Do(() =>
            _vote.OnAnswered(answered.From, answered.Round, answered.Answer, Now, Ring, _effects)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private Ring Ring => _node.Ring.Value!;

    private bool IsMember => _cluster.SelfMember.Status is not (MemberStatus.Removed or MemberStatus.Down or MemberStatus.Exiting);

    private bool IsOwnersTask => !_cluster.Settings.SeedNodes.IsEmpty || !_node.JoinsByItself;

    /// <param name="node">Which node.</param>
    /// <param name="now">Monotonic; the node is starting.</param>
    public static Props Props(NodeContext node, TimeSpan now)
    {
        var vote = new FoundingVote(node.Self.Id, now, isFirstStart: node.Start.Number == 1);
        return Akka.Actor.Props.Create(() => new ClusterSeatActor(node, vote));
    }

    protected override void PreStart()
    {
        if (IsOwnersTask) return;
        Context.System.EventStream.Subscribe(Self, typeof(CurrentRing.RingChanged));
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TickEvery);
        Join();
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>The first of a list would form a cluster when nobody answers: this node is not in it.</summary>
    private void Join()
    {
        if (IsMember || _cluster.IsTerminated) return;
        var seeds = Ring.Members.Where(member => member.Id != _node.Self.Id).Select(member => _node.Peers.AddressOf(member).Address).ToList();
        if (seeds.Count > 0) _cluster.JoinSeedNodes(seeds);
    }

    private void OnTick()
    {
        if (IsMember)
        {
            _vote.OnMember();
            Timers.CancelAll();
            return;
        }
        // There is a cluster as good as at once where the promise was the last that was missing; joining tries again by itself, but later.
        if (_hasPromised) Join();
        _hasPromised = false;
        Do(() => _vote.OnTick(Now, Ring, IsReachable, _effects));
    }

    private void OnAsked(NodeProtocol.AskFounding ask)
    {
        if (IsMember || IsOwnersTask) _vote.OnMember();
        var answer = _vote.OnAsked(ask.From, Now);
        _hasPromised |= answer == FoundingAnswer.Granted;
        Sender.Tell(new NodeProtocol.FoundingAnswered(_node.Self.Id, ask.Round, answer));
    }

    private bool IsReachable(NodeId node) => _node.Peers.IsLinked(node) && _node.Reachability.IsReachable(node);

    private void Do(Action step)
    {
        step();
        foreach (var effect in _effects) Perform(effect);
        _effects.Clear();
    }

    private void Perform(FoundingEffect effect)
    {
        switch (effect)
        {
            case FoundingEffect.Ask ask:
                _node.Peers.Link(ask.To).Tell(new NodeProtocol.AskFounding(_node.Self.Id, ask.Round), Self);
                break;
            case FoundingEffect.Found:
                _log.Info("A majority of the ring's members is in no cluster: this node forms it, for them to join");
                _cluster.Join(_cluster.SelfAddress);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
