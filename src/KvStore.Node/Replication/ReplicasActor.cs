using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Settings;
using KvStore.Wire;

namespace KvStore.Node.Replication;

/// <summary>
/// /user/kv/replicas: the parent of this node's replicas, and the one address that other nodes know. Hands each request to the
/// replica of its
/// partition; a partition that this node is no primary of gets one when the first copy is left with it.
/// </summary>
public sealed class ReplicasActor : ReceiveActor
{
    private readonly NodeSettings _settings;
    private readonly Ring _ring;
    private readonly NodeStart _start;
    private readonly IActorRef?[] _replicas;

    public ReplicasActor(NodeSettings settings, Ring ring, NodeStart start)
    {
        (_settings, _ring, _start) = (settings, ring, start);
        _replicas = new IActorRef?[ring.PartitionCount];
        foreach (var partition in ring.PartitionsOf(settings.Id, settings.Quorum.N)) ReplicaOf(partition);
        Receive<ReplicaProtocol.IReplicaRequest>(request => ReplicaOf(request.Partition).Forward(request),
            request => request.Partition.Value < _replicas.Length);
        Receive<ReplicaActor.MintReplica>(request => ReplicaOf(request.Partition).Forward(request));
    }

    public static Props Props(NodeSettings settings, Ring ring, NodeStart start) =>
        Akka.Actor.Props.Create(() => new ReplicasActor(settings, ring, start));

    private IActorRef ReplicaOf(PartitionId partition) =>
        _replicas[partition.Value] ??= Context.ActorOf(ReplicaActor.Props(_settings, _ring, partition, _start), partition.ToString());
}
