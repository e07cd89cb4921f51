using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Membership;

/// <summary>
/// Whom this node can reach, in its own opinion, at one moment. It chooses fallbacks and whom to ask first; it changes no ownership.
/// Immutable, any thread.
/// </summary>
/// <param name="Version">Raised by one at each change.</param>
/// <param name="Unreachable">Everybody else can be reached, as far as is known.</param>
public sealed record Reachability(ulong Version, ImmutableHashSet<NodeId> Unreachable)
{
    /// <summary>Nobody is suspected.</summary>
    public static readonly Reachability All = new(0, []);

    public bool IsReachable(NodeId node) => !Unreachable.Contains(node);
}
