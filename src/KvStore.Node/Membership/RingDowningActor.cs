using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using KvStore.Core.Membership;

namespace KvStore.Node.Membership;

/// <summary>
/// Watches for members of the actor systems' cluster that do not answer and are at a former place of the ring
/// (<see cref="FormerPlaces"/>), and gives them up. A system actor; parent: the cluster's daemon.
/// <para>Invariant: who answers is never given up: a node that was let go of leaves by itself.</para>
/// </summary>
internal sealed class RingDowningActor : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Cluster _cluster;
    private readonly FormerPlaces _former;
    private readonly HashSet<Address> _silent = [];

    public RingDowningActor(Cluster cluster, FormerPlaces former)
    {
        (_cluster, _former) = (cluster, former);
        Receive<CurrentRing.RingChanged>(changed =>
        {
            _former.OnRing(changed.Ring);
            Look();
        });
        Receive<GossipActor.PeerStarted>(started =>
        {
            _former.OnStarted(started.Node, started.Start, started.Place);
            Look();
        });
        Receive<ClusterEvent.UnreachableMember>(silent =>
        {
            _silent.Add(silent.Member.Address);
            Look();
        });
        Receive<ClusterEvent.ReachableMember>(back => _silent.Remove(back.Member.Address));
        Receive<ClusterEvent.MemberRemoved>(removed => _silent.Remove(removed.Member.Address));
        Receive<ClusterEvent.IClusterDomainEvent>(_ => { });
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(CurrentRing.RingChanged));
        Context.System.EventStream.Subscribe(Self, typeof(GossipActor.PeerStarted));
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsEvents,
            typeof(ClusterEvent.ReachabilityEvent), typeof(ClusterEvent.MemberRemoved));
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _cluster.Unsubscribe(Self);
    }

    private void Look()
    {
        foreach (var address in _silent.Where(address => _former.IsFormer($"{address.Host}:{address.Port}")))
        {
            _log.Info("{Address} is no place of the ring's any more and does not answer: it is no member of the cluster from now on", address);
            _cluster.Down(address);
        }
    }
}
