using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>
/// Who is responsible for one partition at one epoch, best first: the N primaries, then the fallbacks that may stand in for them.
/// While the partition moves there are two sets of primaries, and a write needs its quorum in each.
/// <para>Immutable; any thread. Built and kept by <see cref="Ring.PreferenceList"/>.</para>
/// Invariants: (1) a set of primaries holds min(N, nodes that own anything) distinct nodes; (2) they lie on distinct racks as far as
/// there are racks; (3) a fallback is no primary, old or new; (4) the list for a smaller N is a prefix of the one for a larger N.
/// </summary>
public sealed class PreferenceList
{
    internal PreferenceList(
        RingEpoch epoch,
        PartitionId partition,
        int n,
        MovePhase phase,
        ImmutableArray<NodeId> oldOrder,
        ImmutableArray<NodeId> newOrder)
    {
        Epoch = epoch;
        Partition = partition;
        N = n;
        IsMoving = phase is MovePhase.WriteBothReadOld or MovePhase.WriteBothReadNew;
        OldPrimaries = First(phase == MovePhase.Done ? newOrder : oldOrder, n);
        NewPrimaries = IsMoving ? First(newOrder, n) : OldPrimaries;
        Primaries = phase == MovePhase.WriteBothReadNew ? NewPrimaries : OldPrimaries;
        var order = phase is MovePhase.WriteBothReadNew or MovePhase.Done ? newOrder : oldOrder;
        Fallbacks = [.. order.Where(node => !OldPrimaries.Contains(node) && !NewPrimaries.Contains(node))];
    }

    /// <summary>The ring this was read from; goes into every message that follows from it.</summary>
    public RingEpoch Epoch { get; }

    public PartitionId Partition { get; }

    /// <summary>How many copies are wanted; fewer primaries than this means fewer nodes than copies (degraded).</summary>
    public int N { get; }

    /// <summary>Whether there are two sets of primaries.</summary>
    public bool IsMoving { get; }

    /// <summary>The primaries that serve reads, and that coordinate writes.</summary>
    public ImmutableArray<NodeId> Primaries { get; }

    /// <summary>A write needs its quorum here ...</summary>
    public ImmutableArray<NodeId> OldPrimaries { get; }

    /// <summary>... and here. The same as <see cref="OldPrimaries"/> unless the partition moves.</summary>
    public ImmutableArray<NodeId> NewPrimaries { get; }

    /// <summary>Who may stand in, in this order, each for the first primary that is left without one.</summary>
    public ImmutableArray<NodeId> Fallbacks { get; }

    /// <summary>Whether there are fewer nodes than copies wanted.</summary>
    public bool IsDegraded => Primaries.Length < N;

    /// <summary>Every node that a write goes to when all are reachable: old and new primaries, each once.</summary>
    public IEnumerable<NodeId> WriteTargets =>
        IsMoving ? OldPrimaries.Concat(NewPrimaries.Where(node => !OldPrimaries.Contains(node))) : OldPrimaries;

    /// <summary>Whether the node is a primary of either set.</summary>
    public bool IsPrimary(NodeId node) => OldPrimaries.Contains(node) || NewPrimaries.Contains(node);

    private static ImmutableArray<NodeId> First(ImmutableArray<NodeId> order, int n) =>
        order.Length <= n ? order : order[..n];
}
