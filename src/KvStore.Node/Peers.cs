using System.Collections.Concurrent;
using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Node.Links;
using KvStore.Node.Settings;

namespace KvStore.Node;

/// <summary>
/// The other nodes: where they are, and the link to each. Written by the node supervisor alone, while it opens links; read from any thread.
/// </summary>
public sealed class Peers
{
    private readonly Dictionary<NodeId, PeerAddress> _addresses = [];
    private readonly Dictionary<Address, NodeId> _ids = [];
    private readonly ConcurrentDictionary<NodeId, IActorRef> _links = new();

    public Peers(ActorSystem system, NodeSettings settings)
    {
        Self = settings.Id;
        foreach (var member in settings.Cluster.Members.Where(member => member.Id != Self))
        {
            var address = Address.Parse(KvNode.AddressOf(system.Name, member));
            _ids.Add(address, member.Id);
            _addresses.Add(member.Id, new PeerAddress(member.Id, address));
        }
    }

    public NodeId Self { get; }

    public IEnumerable<PeerAddress> All => _addresses.Values;

    /// <summary>The node at an address, or null when it is none of the others'.</summary>
    public NodeId? NodeAt(Address address) => _ids.TryGetValue(address, out var node) ? node : null;

    /// <summary>
    /// Takes any message for a node: there it reaches the actor that its type is for, and an answer comes back to the sender. It never blocks: what
    /// cannot go is answered at once.
    /// </summary>
    public IActorRef Link(NodeId node) => _links.GetValueOrDefault(node, ActorRefs.Nobody);

    internal void OnLinkOpened(NodeId node, IActorRef link) => _links[node] = link;
}
