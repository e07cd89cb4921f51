using System.Collections.Immutable;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Handoff;

/// <summary>
/// What is known of one moving partition in its current phase: who has fenced, who is full, who has reaffirmed. Owned by a
/// <see cref="MoveDirector"/>; begun afresh when the phase changes.
/// </summary>
internal sealed class PartitionProgress(PartitionMove move, MovePhase phase, RingEpoch epoch)
{
    private readonly HashSet<NodeId> _fenced = [];
    private readonly HashSet<NodeId> _filled = [];
    private readonly HashSet<NodeId> _reaffirmed = [];

    public PartitionMove Move => move;

    public MovePhase Phase => phase;

    /// <summary>An epoch in which the partition is in this phase: a fence at it shuts out the phase before.</summary>
    public RingEpoch Epoch => epoch;

    /// <summary>Everybody who serves the partition before or after.</summary>
    public ImmutableArray<NodeId> Owners { get; } = [.. move.Old.Union(move.New)];

    public void OnFenced(NodeId owner, RingEpoch fence)
    {
        if (fence >= epoch)
            _fenced.Add(owner);
    }

    public void OnFilled(NodeId receiver, RingEpoch asked)
    {
        if (asked >= epoch)
            _filled.Add(receiver);
    }

    public void OnReaffirmed(NodeId owner, RingEpoch asked)
    {
        if (asked >= epoch)
            _reaffirmed.Add(owner);
    }

    public bool HasFenced(NodeId owner) => _fenced.Contains(owner);

    public bool IsFilled(NodeId receiver) => _filled.Contains(receiver);

    public bool HasReaffirmed(NodeId owner) => _reaffirmed.Contains(owner);

    /// <summary>
    /// Whether all living owners have fenced, and so many of the old set that the rest could not make up a majority with a
    /// coordinator that still knows only the ring before. For smaller quorums that is no promise: it would take all of the old set, and no
    /// dead node could be replaced.
    /// </summary>
    public bool IsFenced(Func<NodeId, bool> isLive) =>
        Owners.Where(isLive).All(_fenced.Contains) && move.Old.Count(_fenced.Contains) >= move.Old.Length / 2 + 1;

    /// <summary>Whether every new owner is full.</summary>
    public bool IsFilled() => move.Fills.All(fill => _filled.Contains(fill.Receiver));

    /// <summary>Whether a majority of the old owners have reaffirmed: one of them holds any value that was ever chosen.</summary>
    public bool IsReaffirmed() => move.Old.Count(_reaffirmed.Contains) >= move.Old.Length / 2 + 1;
}
