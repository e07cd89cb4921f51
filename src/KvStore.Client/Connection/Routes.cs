using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Client.Connection;

/// <summary>
/// The coordinators of one ring's members, by references that carry no uid: they go on working after a node's restart. Immutable.
/// </summary>
internal sealed class Routes
{
    private const string CoordinatorPath = "/user/kv/coordinator";

    private readonly Dictionary<NodeId, IActorRef> _coordinators = [];
    private readonly Dictionary<Address, NodeId> _nodes = [];
    private readonly NodeId[] _order;

    /// <param name="ring">The ring.</param>
    /// <param name="clusterName">The name of its actor systems.</param>
    /// <param name="protocol">How their addresses begin.</param>
    /// <param name="resolve">A reference for a path.</param>
    public Routes(Ring ring, string clusterName, string protocol, Func<string, IActorRef> resolve)
    {
        Ring = ring;
        foreach (var member in ring.Members)
        {
            if (!ContactPoint.TryParse(member.Address, clusterName, protocol, out var address, out _)) continue;
            _nodes[address] = member.Id;
            _coordinators[member.Id] = resolve(address + CoordinatorPath);
        }
        _order = [.. _coordinators.Keys.Order()];
    }

    public Ring Ring { get; }

    /// <summary>Null for a member whose address makes no sense.</summary>
    public IActorRef? Coordinator(NodeId node) => _coordinators.GetValueOrDefault(node);

    /// <summary>Any member, each in turn.</summary>
    public IActorRef? Any(ulong turn) => _order.Length == 0 ? null : _coordinators[_order[turn % (ulong)_order.Length]];

    public NodeId? NodeAt(Address address) => _nodes.TryGetValue(address, out var node) ? node : null;
}
