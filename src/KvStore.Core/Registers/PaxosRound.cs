using KvStore.Core.Identity;

namespace KvStore.Core.Registers;

/// <summary>Where a round stands.</summary>
public enum RoundStage
{
    /// <summary>Collecting promises.</summary>
    Preparing,

    /// <summary>Promised by a majority: the proposer may now choose a value that follows from <see cref="PaxosRound{T}.Value"/>.</summary>
    Promised,

    /// <summary>Collecting acceptances.</summary>
    Accepting,

    /// <summary>Accepted by a majority: the value is chosen for good.</summary>
    Chosen,

    /// <summary>A higher ballot is about, or too many acceptors are busy; only a new round can go on.</summary>
    Lost,
}

/// <summary>
/// One ballot of one proposer for one register. Late, doubled and foreign answers are ignored. One owner; not thread-safe.
/// Invariants: (1) a vote counts once a node; (2) votes of phase 1 do not count in phase 2; (3) <see cref="Value"/> is the value
/// of the highest ballot that any of the promising majority has accepted.
/// </summary>
public sealed class PaxosRound<TValue>(Ballot ballot, Electorate electorate)
    where TValue : class
{
    private readonly HashSet<NodeId> _votes = [];
    private readonly HashSet<NodeId> _rejections = [];
    private readonly HashSet<Ballot> _acceptedAt = [];

    public Ballot Ballot { get; } = ballot;

    /// <summary>Set in tests only.</summary>
    internal PlantedRingBugs Bugs { get; init; }

    public RoundStage Stage { get; private set; } = RoundStage.Preparing;

    /// <summary>The highest ballot at which a promising acceptor had accepted a value, or none.</summary>
    public Ballot ValueAt { get; private set; }

    /// <summary>The value accepted there, or null: nothing can have been chosen before this ballot.</summary>
    public TValue? Value { get; private set; }

    /// <summary>The highest ballot met, for the next attempt.</summary>
    public Ballot Highest { get; private set; } = ballot;

    /// <summary>Whether all of the promising majority hold the same: it is chosen already, and reading it needs no second phase.</summary>
    public bool IsUnanimous => _acceptedAt.Count == 1;

    /// <summary>An acceptor's answer.</summary>
    public void OnReply(NodeId from, AcceptorReply<TValue> reply)
    {
        if (reply.Ballot != Ballot || !electorate.Voters.Contains(from))
            return;
        switch (reply)
        {
            case AcceptorReply<TValue>.Promised promised when Stage == RoundStage.Preparing:
                Count(from, promised);
                break;
            case AcceptorReply<TValue>.Accepted when Stage == RoundStage.Accepting:
                _votes.Add(from);
                if (electorate.IsMajority(_votes))
                    Stage = RoundStage.Chosen;
                break;
            case AcceptorReply<TValue>.Rejected rejected when Stage is RoundStage.Preparing or RoundStage.Accepting:
                Highest = rejected.Highest > Highest ? rejected.Highest : Highest;
                _rejections.Add(from);
                if (electorate.IsLostTo(_rejections))
                    Stage = RoundStage.Lost;
                break;
        }
    }

    /// <summary>An acceptor has too much to do, and has done nothing: in this round it will not vote.</summary>
    public void OnRefused(NodeId from)
    {
        if (Stage is not (RoundStage.Preparing or RoundStage.Accepting) || !electorate.Voters.Contains(from))
            return;
        _rejections.Add(from);
        if (electorate.IsLostTo(_rejections))
            Stage = RoundStage.Lost;
    }

    /// <summary>Phase 2 begins: the proposer has made its value out of <see cref="Value"/>.</summary>
    public void BeginAccept()
    {
        Invariant.Check(Stage == RoundStage.Promised);
        Stage = RoundStage.Accepting;
        _votes.Clear();
        _rejections.Clear();
    }

    private void Count(NodeId from, AcceptorReply<TValue>.Promised promised)
    {
        if (!_votes.Add(from))
            return;
        _acceptedAt.Add(promised.AcceptedAt);
        if (promised.AcceptedAt > ValueAt && !Bugs.HasFlag(PlantedRingBugs.AcceptedValueIgnored))
        {
            ValueAt = promised.AcceptedAt;
            Value = promised.Value;
        }

        if (electorate.IsMajority(_votes))
            Stage = RoundStage.Promised;
    }
}
