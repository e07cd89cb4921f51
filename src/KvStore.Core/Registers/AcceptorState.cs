using KvStore.Core.Identity;

namespace KvStore.Core.Registers;

/// <summary>
/// What one acceptor holds of one register (Lamport, "Paxos Made Simple"; Rystsov, "CASPaxos"). Immutable: an answer comes with the
/// state that must be on stable storage before the answer leaves.
/// Invariants: (1) the promised ballot never falls; (2) a value is accepted only at a ballot not below the promised one;
/// (3) Accepted is at most Promised.
/// </summary>
/// <param name="Promised">No ballot below this will be taken any more.</param>
/// <param name="Accepted">The ballot at which the value was accepted, or none.</param>
/// <param name="Value">The value accepted last, or null.</param>
public sealed record AcceptorState<TValue>(Ballot Promised, Ballot Accepted, TValue? Value)
    where TValue : class
{
    /// <summary>A register never touched.</summary>
    public static readonly AcceptorState<TValue> Empty = new(Ballot.None, Ballot.None, null);

    /// <summary>
    /// Phase 1: promises the ballot and reports what was accepted, or rejects it. A ballot is promised once only: an answer
    /// to a repeated request could be taken for a second vote.
    /// </summary>
    public AcceptorReply<TValue> OnPrepare(Ballot ballot, out AcceptorState<TValue> next)
    {
        if (ballot <= Promised)
        {
            next = this;
            return new AcceptorReply<TValue>.Rejected(ballot, Promised);
        }

        next = this with { Promised = ballot };
        return new AcceptorReply<TValue>.Promised(ballot, Accepted, Value);
    }

    /// <summary>Phase 2: accepts the value unless a higher ballot was promised meanwhile.</summary>
    public AcceptorReply<TValue> OnAccept(Ballot ballot, TValue value, out AcceptorState<TValue> next)
    {
        if (ballot < Promised)
        {
            next = this;
            return new AcceptorReply<TValue>.Rejected(ballot, Promised);
        }

        next = new AcceptorState<TValue>(ballot, ballot, value);
        return new AcceptorReply<TValue>.Accepted(ballot);
    }

    /// <summary>
    /// What another acceptor has accepted, come by handoff or exchange: taken as if that ballot's phase 2 arrived late, and
    /// therefore only where phase 2 would be. Returns this when nothing changes.
    /// </summary>
    public AcceptorState<TValue> Absorb(Ballot accepted, TValue value) =>
        accepted > Accepted && accepted >= Promised ? new AcceptorState<TValue>(accepted, accepted, value) : this;

    /// <summary>
    /// What of it belongs to a bucket that was created, or emptied, in this epoch: a ballot of an earlier one was for what is gone. A register
    /// of the same name begins anew without having been deleted first.
    /// </summary>
    public AcceptorState<TValue> Since(RingEpoch created)
    {
        if (Promised.Epoch < created)
            return Empty;
        return Accepted.Epoch < created && Value is not null ? new AcceptorState<TValue>(Promised, Ballot.None, null) : this;
    }
}
