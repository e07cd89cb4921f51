using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Node.Coordination;

/// <summary>What one node says of a key.</summary>
/// <param name="Node">Who.</param>
/// <param name="IsPrimary">Whether it is an owner, old or new; else a stand-in.</param>
public sealed record KeyCopy(NodeId Node, bool IsPrimary)
{
    /// <summary>Its answer; null when it gave none.</summary>
    public ReadAnswer? Answer { get; init; }

    /// <summary>Why it gave none.</summary>
    public Refusal Refusal { get; init; }
}
