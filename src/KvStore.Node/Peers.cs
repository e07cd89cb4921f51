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
    private readonly Dictionary<NodeId, Actors> _nodes = [];
    private readonly Dictionary<Address, NodeId> _ids = [];

    public Peers(ActorSystem system, NodeSettings settings)
    {
        Self = settings.Id;
        var provider = ((ExtendedActorSystem)system).Provider;
        foreach (var member in settings.Cluster.Members.Where(member => member.Id != Self))
        {
            var address = KvNode.AddressOf(system.Name, member);
            _ids.Add(Address.Parse(address), member.Id);
            _nodes.Add(member.Id, new Actors(
                provider.ResolveActorRef($"{address}/user/kv/replicas"),
                provider.ResolveActorRef($"{address}/user/kv/coordinator"),
                provider.ResolveActorRef($"{address}/user/kv/gossip")));
        }
    }

    public NodeId Self { get; }

    /// <summary>The node at an address, or null when it is none of the others'.</summary>
    public NodeId? NodeAt(Address address) => _ids.TryGetValue(address, out var node) ? node : null;

    /// <summary>The parent of another node's replicas.</summary>
    public IActorRef Replicas(NodeId node) => _nodes[node].Replicas;

    public IActorRef Coordinator(NodeId node) => _nodes[node].Coordinator;

    public IActorRef Gossip(NodeId node) => _nodes[node].Gossip;

    private sealed record Actors(IActorRef Replicas, IActorRef Coordinator, IActorRef Gossip);
}
