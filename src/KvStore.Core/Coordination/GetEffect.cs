using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Coordination;

/// <summary>What a <see cref="GetOperation"/> wants done next. A closed set; each is carried out in order.</summary>
public abstract record GetEffect
{
    private GetEffect()
    {
    }

    /// <summary>Ask a replica (it may be on this node) for the key.</summary>
    public sealed record Ask(NodeId Node, RingEpoch Epoch) : GetEffect;

    /// <summary>Call OnHedge after this long, unless finished.</summary>
    public sealed record StartHedgeTimer(TimeSpan After) : GetEffect;

    /// <summary>Call OnTimeout after this long, unless finished.</summary>
    public sealed record StartTimer(TimeSpan After) : GetEffect;

    /// <summary>
    /// Read repair: have a stale owner merge this state. Answered with OnRepaired or OnRefused; may go unanswered.
    /// </summary>
    public sealed record Repair(NodeId Node, RingEpoch Epoch, SiblingSet Set) : GetEffect;

    /// <summary>Get a ring of at least this epoch and call OnPlan with the plan made from it.</summary>
    public sealed record RefreshRing(RingEpoch AtLeast) : GetEffect;

    /// <summary>Answer the client. Exactly one for each operation.</summary>
    public sealed record Reply(GetOutcome Outcome) : GetEffect;

    /// <summary>Nothing more comes; the last effect.</summary>
    public sealed record Finish : GetEffect
    {
        /// <summary>The only one.</summary>
        public static readonly Finish Instance = new();
    }
}
