using KvStore.Core.Identity;

namespace KvStore.Node;

/// <summary>
/// Which nodes this one can reach now: its own opinion, and nobody else's. Written by the gossip actor alone, read by any thread; a reader
/// sees one snapshot or the next, never a mixture.
/// </summary>
public sealed class Reachability
{
    private volatile HashSet<NodeId> _unreachable = [];

    public bool IsReachable(NodeId node) => !_unreachable.Contains(node);

    internal void Publish(IEnumerable<NodeId> unreachable) => _unreachable = [.. unreachable];
}
