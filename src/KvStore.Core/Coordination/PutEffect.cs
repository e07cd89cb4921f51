using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Coordination;

/// <summary>
/// What a <see cref="PutOperation"/> wants done next. A closed set; whoever drives the operation carries each out in order.
/// </summary>
public abstract record PutEffect
{
    private PutEffect()
    {
    }

    /// <summary>Let the replica on this node mint and store; answer with OnMinted, then OnAck, or with a refusal.</summary>
    /// <param name="Epoch">The epoch that the request carries.</param>
    /// <param name="StandsFor">The primary for which this node, a fallback, keeps its copy; null when it is an owner.</param>
    public sealed record Mint(RingEpoch Epoch, NodeId? StandsFor) : PutEffect;

    /// <summary>Send the sibling set to a replica.</summary>
    /// <param name="Node">To whom.</param>
    /// <param name="Epoch">The epoch that the message carries.</param>
    /// <param name="Set">The coordinator's whole sibling set.</param>
    /// <param name="StandsFor">The primary for which that node is to keep it as a hint; null for an owner.</param>
    public sealed record Send(NodeId Node, RingEpoch Epoch, SiblingSet Set, NodeId? StandsFor) : PutEffect;

    /// <summary>Call OnHedge after this long, unless finished.</summary>
    public sealed record StartHedgeTimer(TimeSpan After) : PutEffect;

    /// <summary>Call OnTimeout after this long, unless finished.</summary>
    public sealed record StartTimer(TimeSpan After) : PutEffect;

    /// <summary>Keep a hint for an owner on this node: nobody else can. It counts for no quorum.</summary>
    public sealed record LeaveHint(NodeId Owner, SiblingSet Set) : PutEffect;

    /// <summary>An owner stayed silent though it is alive: mark its range dirty, so that anti-entropy looks there soon.</summary>
    public sealed record MarkDirty(NodeId Owner) : PutEffect;

    /// <summary>Get a ring of at least this epoch and call OnPlan with the plan made from it.</summary>
    public sealed record RefreshRing(RingEpoch AtLeast) : PutEffect;

    /// <summary>Answer the client. Exactly one for each operation.</summary>
    public sealed record Reply(PutOutcome Outcome) : PutEffect;

    /// <summary>Nothing more comes; the last effect.</summary>
    public sealed record Finish : PutEffect
    {
        /// <summary>The only one.</summary>
        public static readonly Finish Instance = new();
    }
}
