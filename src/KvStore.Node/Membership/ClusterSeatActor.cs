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
/// who owns what is the ring's to say. A new cluster's nodes form it, the lowest first; every other start joins the members that the
/// ring names, and forms one only when a majority of them is in none either (<see cref="FoundingVote"/>). Where the owner of the actor
/// system names seeds or joins by itself, this does nothing. Parent: the node supervisor; restarted with nothing remembered.
/// </summary>
internal sealed class ClusterSeatActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeContext _node;
    private readonly Cluster _cluster;
    private readonly FoundingVote _vote;
    private readonly List<FoundingEffect> _effects = [];

    public ClusterSeatActor(NodeContext node)
    {
        (_node, _cluster) = (node, Cluster.Get(Context.System));
        _vote = new FoundingVote(node.Self.Id, Now);
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

    public static Props Props(NodeContext node) => Akka.Actor.Props.Create(() => new ClusterSeatActor(node));

    protected override void PreStart()
    {
        if (IsOwnersTask) return;
        Context.System.EventStream.Subscribe(Self, typeof(CurrentRing.RingChanged));
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TickEvery);
        Join();
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>The first of a list forms a cluster when nobody answers: this node heads it only where the cluster is new.</summary>
    private void Join()
    {
        if (IsMember || _cluster.IsTerminated) return;
        var seeds = Ring.Members.Where(member => _node.FormsCluster || member.Id != _node.Self.Id).Select(AddressOf).ToList();
        if (seeds.Count > 0) _cluster.JoinSeedNodes(seeds);
    }

    private Address AddressOf(RingMember member) =>
        member.Id == _node.Self.Id ? _cluster.SelfAddress : _node.Peers.AddressOf(member).Address;

    private void OnTick()
    {
        if (IsMember)
        {
            _vote.OnMember();
            Timers.CancelAll();
        }
        else if (!_node.FormsCluster) Do(() => _vote.OnTick(Now, Ring, IsReachable, _effects));
    }

    private void OnAsked(NodeProtocol.AskFounding ask)
    {
        if (IsMember || IsOwnersTask || _node.FormsCluster) _vote.OnMember();
        Sender.Tell(new NodeProtocol.FoundingAnswered(_node.Self.Id, ask.Round, _vote.OnAsked(ask.From, Now)));
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
