using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>How one new primary of a partition comes by its data.</summary>
/// <param name="Receiver">The node that becomes a primary.</param>
/// <param name="Predecessor">The primary whose place it takes, or <see cref="NodeId.None"/> where there was none.</param>
/// <param name="Sources">
/// The replicas to take a full copy from, all of them: the predecessor alone while it lives (the receiver then holds whatever it
/// held), else N-W+1 of the other old primaries (one of which has every acknowledged write).
/// </param>
/// <param name="IsComplete">
/// Whether the sources hold every acknowledged write for certain. If not, too many old primaries are lost and an operator must accept it.
/// </param>
public sealed record ReplicaFill(NodeId Receiver, NodeId Predecessor, ImmutableArray<NodeId> Sources, bool IsComplete);
