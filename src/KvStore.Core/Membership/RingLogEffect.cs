using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;

namespace KvStore.Core.Membership;

/// <summary>
/// What a <see cref="RingLog"/> wants done, strictly in order: what follows a Persist may be done only when that is on
/// stable storage.
/// </summary>
public abstract record RingLogEffect
{
    private RingLogEffect()
    {
    }

    /// <summary>Make a vote durable; replaces the one before for the same epoch.</summary>
    public sealed record PersistVote(RingEpoch Slot, AcceptorState<Ring> Vote) : RingLogEffect;

    /// <summary>Make a decided ring durable; votes for its epoch and earlier may go.</summary>
    public sealed record PersistRing(Ring Ring) : RingLogEffect;

    /// <summary>Send to a node; itself included, when it votes.</summary>
    public sealed record Send(NodeId To, RingLogMessage Message) : RingLogEffect;

    /// <summary>This is the ring from now on.</summary>
    public sealed record RingChanged(Ring Ring) : RingLogEffect;

    /// <summary>This node was removed from the ring, or never got in: it stops serving.</summary>
    public sealed record Excluded(Ring Ring) : RingLogEffect;

    /// <summary>Call <see cref="RingLog.OnTimer"/> with this number after the delay.</summary>
    public sealed record StartTimer(int Number, TimeSpan Delay) : RingLogEffect;

    /// <summary>The proposal made here is settled: a ring of its epoch is decided, or of a later one.</summary>
    public sealed record ProposalSettled(Ring Proposed, ProposalFate Fate) : RingLogEffect;
}
