using KvStore.Core.Identity;
using KvStore.Core.Membership;

namespace KvStore.Node.Membership;

/// <summary>
/// Whom this node can reach now: its own opinion, and nobody else's. Written by the gossip actor alone, read from any thread; a reader sees
/// one opinion or the next, never a mixture.
/// </summary>
public sealed class CurrentReachability
{
    private volatile Reachability _opinion = Reachability.All;

    public Reachability Opinion => _opinion;

    public bool IsReachable(NodeId node) => _opinion.IsReachable(node);

    internal void Publish(Reachability opinion) => _opinion = opinion;
}
