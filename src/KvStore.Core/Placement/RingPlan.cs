using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>
/// What a set of staged changes would do: shown to the operator, then committed as it is or not at all.
/// </summary>
/// <param name="Base">The ring that it was drawn up for; committed only if that is still the ring.</param>
/// <param name="Changes">What was staged.</param>
/// <param name="Next">The ring to propose: the members as they will be, the next owners, every move waiting.</param>
/// <param name="Moves">What moves, in the order in which it is done: the receivers take turns.</param>
/// <param name="Warnings">What the operator should know before saying yes, in sentences.</param>
public sealed record RingPlan(
    Ring Base,
    ImmutableArray<RingChange> Changes,
    Ring Next,
    ImmutableArray<PartitionMove> Moves,
    ImmutableArray<string> Warnings)
{
    /// <summary>How many partitions change their owner.</summary>
    public int OwnersChanged => Base.Owners.Zip(Next.NextOwners).Count(pair => pair.First != pair.Second);

    /// <summary>How much is streamed, by the estimates.</summary>
    public long Bytes => Moves.Sum(move => move.Bytes);

    /// <summary>Whether acknowledged writes may be lost: such a plan is committed only when the operator accepts that.</summary>
    public bool IsAtRisk => Moves.Any(move => move.IsAtRisk);
}
