using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Node.Settings;

namespace KvStore.Node;

/// <summary>
/// The other nodes' actors, by node id. The references carry no uid: one that is cached goes on working after the peer's restart, which
/// an ordinary reference never does. Immutable; any thread.
/// </summary>
public sealed class Peers
{
    private readonly Dictionary<NodeId, (IActorRef Replicas, IActorRef Coordinator)> _nodes = [];

    public Peers(ActorSystem system, NodeSettings settings)
    {
        Self = settings.Id;
        var provider = ((ExtendedActorSystem)system).Provider;
        foreach (var member in settings.Cluster.Members.Where(member => member.Id != Self))
        {
            var address = KvNode.AddressOf(system.Name, member);
            _nodes.Add(member.Id, (
                provider.ResolveActorRef($"{address}/user/kv/replicas"),
                provider.ResolveActorRef($"{address}/user/kv/coordinator")));
        }
    }

    public NodeId Self { get; }

    /// <summary>The parent of another node's replicas.</summary>
    public IActorRef Replicas(NodeId node) => _nodes[node].Replicas;

    public IActorRef Coordinator(NodeId node) => _nodes[node].Coordinator;
}
