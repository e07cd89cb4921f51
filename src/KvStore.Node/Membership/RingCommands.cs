using System.Collections.Immutable;
using KvStore.Core.Buckets;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Node.Membership;

/// <summary>
/// What operators' doors ask of a node's ring owner. Never leaves the node. A change is staged on one node, planned, shown, and committed
/// there; the ring of the next epoch needs a majority of the members.
/// </summary>
public static class RingCommands
{
    /// <summary>Answered by <see cref="RingStatus"/>.</summary>
    public sealed class GetStatus
    {
        public static readonly GetStatus Instance = new();
    }

    /// <param name="Ring">The newest ring known here; null while the node is no member of any.</param>
    /// <param name="Staged">What is staged on this node.</param>
    /// <param name="IsProposing">Whether a proposal of this node is not settled yet.</param>
    /// <param name="Moving">Partitions on the move, by phase of the ring.</param>
    /// <param name="Waiting">Partitions that have still to begin.</param>
    public sealed record RingStatus(Ring? Ring, ImmutableArray<RingChange> Staged, bool IsProposing, int Moving, int Waiting);

    /// <summary>Adds a change to what is staged here. Answered by <see cref="Answered"/>.</summary>
    public sealed record Stage(RingChange Change);

    /// <summary>
    /// A node that has asked to join takes the place of a lost one: what is staged as its joining becomes that. Answered by
    /// <see cref="Answered"/>.
    /// </summary>
    public sealed record StageReplace(NodeId Lost, NodeId Newcomer);

    /// <summary>Forgets what is staged here. Answered by <see cref="Answered"/>.</summary>
    public sealed class Clear
    {
        public static readonly Clear Instance = new();
    }

    /// <summary>What would the staged changes do? Answered by <see cref="Planned"/>.</summary>
    public sealed class Plan
    {
        public static readonly Plan Instance = new();
    }

    /// <summary>Either a plan, or why there is none.</summary>
    public sealed record Planned(RingPlan? Value, string Refusal);

    /// <summary>Proposes the plan shown last. Answered by <see cref="Answered"/> when it is decided, refused, or neither in time.</summary>
    /// <param name="AcceptRisk">Also when acknowledged writes may be lost.</param>
    public sealed record Commit(bool AcceptRisk);

    /// <summary>Calls off a change whose new owners serve nothing yet. Answered as <see cref="Commit"/>.</summary>
    public sealed class Cancel
    {
        public static readonly Cancel Instance = new();
    }

    /// <summary>
    /// Creates, alters, empties or drops a bucket. Answered as <see cref="Commit"/>; when it is done, every node that can be reached follows.
    /// </summary>
    public sealed record ChangeBucket(BucketChange Change);

    /// <param name="Outcome">How it ended.</param>
    /// <param name="Words">For people; as a rule empty when it was done.</param>
    /// <param name="Epoch">The ring's, as this node knows it.</param>
    public sealed record Answered(Outcome Outcome, string Words, RingEpoch Epoch);

    public enum Outcome
    {
        Done = 1,

        /// <summary>Nothing was changed.</summary>
        Refused = 2,

        /// <summary>It may be decided, now or later: no majority of the members has answered in time, or the ring has gone on unheard.</summary>
        Unknown = 3,
    }

    /// <summary>
    /// A request needs a ring of at least this epoch, which that node has. Answered by <see cref="CurrentRing.RingChanged"/> once it is in
    /// force here.
    /// </summary>
    public sealed record AwaitEpoch(NodeId Node, RingEpoch AtLeast);

    /// <summary>Ask again for what a change waits for, if this node directs one. Not answered.</summary>
    public sealed class LookAfterMoves
    {
        public static readonly LookAfterMoves Instance = new();
    }

    /// <summary>Gossip speaks of a ring that this node has not.</summary>
    public sealed record EpochSeen(NodeId Node, RingEpoch Epoch);
}
