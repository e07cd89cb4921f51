using System.Collections.Concurrent;
using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Links;

namespace KvStore.Node;

/// <summary>
/// The other nodes of the ring: where they are, and the link to each. Written by the node supervisor alone, as the ring changes; read from
/// any thread.
/// </summary>
public sealed class Peers(string systemName, NodeId self)
{
    private readonly ConcurrentDictionary<Address, NodeId> _ids = new();
    private readonly ConcurrentDictionary<NodeId, PeerAddress> _open = new();
    private readonly ConcurrentDictionary<NodeId, IActorRef> _links = new();

    public NodeId Self => self;

    /// <summary>The node at an address, or null when it is none of the others'.</summary>
    public NodeId? NodeAt(Address address) => _ids.TryGetValue(address, out var node) ? node : null;

    /// <summary>Whether there is a link to the node.</summary>
    public bool Knows(NodeId node) => _links.ContainsKey(node);

    /// <summary>
    /// Takes any message for a node: there it reaches the actor that its type is for, and an answer comes back to the sender. It never blocks: what
    /// cannot go is answered at once. What is sent to a node of no ring is lost.
    /// </summary>
    public IActorRef Link(NodeId node) => _links.GetValueOrDefault(node, ActorRefs.Nobody);

    /// <summary>Whether the line to a node is open: it may still be slow, or its silence not noticed yet.</summary>
    public bool IsLinked(NodeId node) => _open.TryGetValue(node, out var address) && address.IsOpen;

    /// <summary>How addresses begin in this actor system, and so in all of the cluster: it says whether they speak TLS.</summary>
    public string Protocol { get; init; } = "akka.tcp";

    /// <summary>Where a member of the ring is.</summary>
    internal PeerAddress AddressOf(RingMember member) => new(member.Id, At(member.Address));

    /// <summary>The actor system at HOST:PORT.</summary>
    internal Address At(string place) => Address.Parse($"{Protocol}://{systemName}@{place}");

    internal void OnLinkOpened(PeerAddress peer, IActorRef link)
    {
        _ids[peer.Address] = peer.Node;
        _open[peer.Node] = peer;
        _links[peer.Node] = link;
    }

    /// <summary>Forgets the nodes that are in a ring no more; returns the links to them.</summary>
    internal IReadOnlyList<IActorRef> Retain(Ring ring)
    {
        var gone = new List<IActorRef>();
        foreach (var (address, node) in _ids)
        {
            if (ring.Contains(node)) continue;
            _ids.TryRemove(address, out _);
            _open.TryRemove(node, out _);
            if (_links.TryRemove(node, out var link)) gone.Add(link);
        }
        return gone;
    }
}
