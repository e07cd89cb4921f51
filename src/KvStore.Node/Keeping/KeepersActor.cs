using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.AntiEntropy;
using KvStore.Node.Membership;

namespace KvStore.Node.Keeping;

/// <summary>
/// /user/kv/keepers: this node's part in the keepers of the cluster's partitions. Starts the shard region, wakes the keepers of the
/// partitions of which this node is the first reachable primary, and passes on to this node's parts what the keepers that live here
/// order. Parent: the node supervisor. A region that cannot be started, or stands still because its coordinator is dead, is missed by
/// nobody.
/// </summary>
internal sealed class KeepersActor : ReceiveActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeContext _node;
    private readonly TimeSpan _interval;
    private readonly KeeperOrders _orders;
    private readonly Address _address = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress;
    private IActorRef? _region;

    public KeepersActor(NodeContext node, IActorRef ringOwner, IActorRef antiEntropy)
    {
        (_node, _interval) = (node, node.Settings.AntiEntropy.KeeperInterval);
        _orders = new KeeperOrders(
            _ => ringOwner.Tell(RingCommands.LookAfterMoves.Instance),
            partition => antiEntropy.Tell(new AntiEntropyActor.CompareNow(partition)),
            partition => antiEntropy.Tell(new AntiEntropyActor.ReapNow(partition)));
        Receive<Started>(started =>
        {
            _region = started.Region;
            Timers.StartPeriodicTimer(Wake.Instance, Wake.Instance, TimeSpan.Zero, _interval);
        });
        Receive<Status.Failure>(failure => _log.Warning("The partitions' keepers do not start, which nothing depends on: {0}", failure.Cause.Message));
        Receive<Wake>(_ => PartitionKeeping.WakeKeepers(_region!, KeptFromHere()));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private Ring Ring => _node.Ring.Value!;

    public static Props Props(NodeContext node, IActorRef ringOwner, IActorRef antiEntropy) =>
        Akka.Actor.Props.Create(() => new KeepersActor(node, ringOwner, antiEntropy));

    protected override void PreStart()
    {
        var allocation = new PartitionAllocation(partition => PrimariesOf(partition), IsReachable, NodeOf);
        PartitionKeeping.Start(Context.System, Ring.PartitionCount, _orders, _interval, allocation)
            .PipeTo(Self, success: region => new Started(region));
    }

    private IEnumerable<PartitionId> KeptFromHere() =>
        Ring.PartitionsOf(_node.Self.Id, Ring.Replicas)
            .Where(partition => PrimariesOf(partition).FirstOrDefault(IsReachable) == _node.Self.Id);

    private ImmutableArray<NodeId> PrimariesOf(PartitionId partition) =>
        partition.Value < Ring.PartitionCount ? Ring.PreferenceList(partition, Ring.Replicas).Primaries : [];

    private bool IsReachable(NodeId node) =>
        node == _node.Self.Id || (_node.Peers.IsLinked(node) && _node.Reachability.IsReachable(node));

    private NodeId? NodeOf(IActorRef region) =>
        region.Path.Address.HasLocalScope || region.Path.Address.Equals(_address) ? _node.Self.Id : _node.Peers.NodeAt(region.Path.Address);

    private sealed record Started(IActorRef Region);

    private sealed class Wake
    {
        public static readonly Wake Instance = new();
    }
}
