using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Registers;

/// <summary>
/// One client operation on one strong key: a CASPaxos proposer (Rystsov, 2018). It prepares a ballot, makes the new value out of the
/// one it finds, and has it accepted; after a lost round it tries again with a higher ballot until its deadline.
/// <para>Owned by the request's actor; not thread-safe; no answer is due after <see cref="RegisterEffect.Reply"/>.</para>
/// Invariants: (1) exactly one reply; (2) a change takes effect at most once, however many rounds it takes: the value carries the
/// requests that made it; (3) NotDone is answered only if no acceptor was asked to accept a new value; (4) what a read or a
/// mismatch reports was chosen by a majority, not merely seen; (5) once a change was proposed, an answer that it was not needed is given
/// only when a later ballot was chosen without it: one acceptor may hold it still, and a round that meets that one would have it chosen.
/// </summary>
public sealed class RegisterOperation(
    PreferenceList list,
    RegisterCommand command,
    RequestId request,
    TimeSpan deadline,
    BallotSource ballots,
    RegisterOptions options)
{
    private const int DeadlineTimer = 0;

    private PreferenceList _list = list;
    private Electorate? _electorate;
    private PaxosRound<RegisterValue>? _round;
    private RegisterValue _proposed = RegisterValue.Absent;
    private Ballot _highest;
    private ulong? _firstProposedVersion;
    private int _attempt;
    private int _losses;
    private bool _hasRivals;
    private bool _isStale;
    private bool _replied;

    /// <summary>The driver's opinion of who can be reached now. While no majority can, nothing new is begun.</summary>
    public Func<NodeId, bool> IsReachable { get; init; } = static _ => true;

    /// <summary>
    /// Whether another operation may have proposed the change of this very request before. Where the register does not remember far enough back
    /// to tell, it is not made again.
    /// </summary>
    public bool IsRepeat { get; init; }

    /// <summary>Set in tests only.</summary>
    internal PlantedRingBugs Bugs { get; init; }

    /// <summary>The request that this is for.</summary>
    public RequestId Request => request;

    private Electorate Voting => _electorate ??= Bugs.HasFlag(PlantedRingBugs.OneElectorateWhileMoving)
        ? Electorate.Of(_list.Primaries)
        : Electorate.Of(_list);

    /// <summary>The lowest version at which a change of this request may have been chosen already, or may be yet; null when none was proposed.</summary>
    private ulong? ProposedSince => IsRepeat ? command.EarliestVersion : _firstProposedVersion;

    /// <summary>Begins; <paramref name="now"/> is on the same clock as the deadline.</summary>
    public void Start(TimeSpan now, List<RegisterEffect> effects)
    {
        if (now >= deadline)
        {
            Reply(Unfinished(RegisterFailure.NoMajority), effects);
            return;
        }

        effects.Add(new RegisterEffect.StartTimer(DeadlineTimer, deadline - now));
        BeginRound(effects);
    }

    /// <summary>An acceptor's answer.</summary>
    public void OnReply(NodeId from, AcceptorReply<RegisterValue> reply, ulong random, List<RegisterEffect> effects)
    {
        if (_replied || _round is null || reply.Ballot != _round.Ballot)
            return;
        var before = _round.Stage;
        _round.OnReply(from, reply);
        // Whoever has promised a ballot of a newer ring rejects every one of this ring from now on, and calls none of them stale.
        OnStaleRing(from, _round.Highest.Epoch, effects);
        if (_round.Stage == before)
            return;
        switch (_round.Stage)
        {
            case RoundStage.Promised:
                OnPromised(_round, effects);
                break;
            case RoundStage.Chosen:
                Reply(OutcomeOf(_proposed), effects);
                break;
            case RoundStage.Lost:
                _hasRivals = true;
                OnLost(_round, random, effects);
                break;
        }
    }

    /// <summary>
    /// An acceptor has too much to do, and has done nothing. It may have been asked in an earlier round: then this one is begun anew for nothing,
    /// which does no harm.
    /// </summary>
    public void OnBusy(NodeId from, ulong random, List<RegisterEffect> effects)
    {
        if (_replied || _round is null || _round.Stage is RoundStage.Lost)
            return;
        _round.OnRefused(from);
        if (_round.Stage is RoundStage.Lost)
            OnLost(_round, random, effects);
    }

    /// <summary>An acceptor works with a newer ring: without it this operation comes to no end.</summary>
    public void OnStaleRing(NodeId from, RingEpoch atLeast, List<RegisterEffect> effects)
    {
        if (_replied || _isStale || atLeast <= _list.Epoch)
            return;
        _isStale = true;
        effects.Add(new RegisterEffect.RefreshRing(from, atLeast));
    }

    /// <summary>There is a newer ring: the operation goes on with it, in a round of its epoch.</summary>
    /// <param name="newer">Who votes in it.</param>
    /// <param name="effects">What to do.</param>
    /// <param name="isEmptied">
    /// Whether the key's bucket was created, or emptied, since the ring before: the register remembers nothing then, and whether the change was made
    /// before that nobody can tell.
    /// </param>
    public void OnPlan(PreferenceList newer, List<RegisterEffect> effects, bool isEmptied = false)
    {
        if (_replied || newer.Epoch <= _list.Epoch)
            return;
        if (isEmptied && ProposedSince is not null)
        {
            Reply(new RegisterOutcome.Unknown(RegisterFailure.TooManyChangesSince), effects);
            return;
        }

        (_list, _electorate, _isStale) = (newer, null, false);
        BeginRound(effects);
    }

    /// <summary>A timer that was asked for has run out.</summary>
    public void OnTimer(int number, List<RegisterEffect> effects)
    {
        if (_replied)
            return;
        if (number == DeadlineTimer)
            Reply(Unfinished(_isStale ? RegisterFailure.StaleRing : _hasRivals ? RegisterFailure.Contention : RegisterFailure.NoMajority), effects);
        else if (number == _attempt)
            BeginRound(effects);
    }

    private void BeginRound(List<RegisterEffect> effects)
    {
        // Once a value is proposed it may be chosen yet: then it is better to wait than to say that nobody knows. And the voters of a ring
        // that is out of date may be away for good.
        if (_firstProposedVersion is null && !_isStale && Voting.IsLostTo(Voting.Voters.Where(voter => !IsReachable(voter)).ToHashSet()))
        {
            Reply(Unfinished(RegisterFailure.NoMajority), effects);
            return;
        }

        _attempt++;
        _highest = _round?.Highest ?? _highest;
        _round = new PaxosRound<RegisterValue>(ballots.Next(_list.Epoch, _highest), Voting) { Bugs = Bugs };
        foreach (var acceptor in Voting.Voters)
            effects.Add(new RegisterEffect.SendPrepare(acceptor, _round.Ballot));
        effects.Add(new RegisterEffect.StartTimer(_attempt, options.RoundTimeout));
    }

    private void OnPromised(PaxosRound<RegisterValue> round, List<RegisterEffect> effects)
    {
        var current = round.Value ?? RegisterValue.Absent;
        if (IsPastTelling(current))
        {
            Reply(new RegisterOutcome.Unknown(RegisterFailure.TooManyChangesSince), effects);
            return;
        }

        var known = Bugs.HasFlag(PlantedRingBugs.RequestIdForgotten) ? current with { Recent = [] } : current;
        _proposed = command.Apply(known, request);
        var isUnchanged = ReferenceEquals(_proposed, known);
        var isApplied = known.HasApplied(request, out _);
        if (isUnchanged && round.IsUnanimous && (isApplied || ProposedSince is null))
        {
            Reply(OutcomeOf(current), effects);
            return;
        }

        // A change that an earlier try of the request made, too: whoever holds it now may be the only one.
        if (!isUnchanged || isApplied)
            _firstProposedVersion = Math.Min(_firstProposedVersion ?? ulong.MaxValue, _proposed.Version);
        round.BeginAccept();
        foreach (var acceptor in Voting.Voters)
            effects.Add(new RegisterEffect.SendAccept(acceptor, round.Ballot, _proposed));
    }

    /// <summary>
    /// An earlier round for the request may have been chosen, and so many changes after it that the value no longer says so: applying
    /// the command once more could make it happen twice.
    /// </summary>
    private bool IsPastTelling(RegisterValue current) =>
        ProposedSince is { } first
        && current.Version >= first
        && current.Version - first >= RegisterValue.MaxRecent
        && !current.HasApplied(request, out _);

    private void OnLost(PaxosRound<RegisterValue> round, ulong random, List<RegisterEffect> effects)
    {
        _highest = round.Highest;
        _round = null;
        effects.Add(new RegisterEffect.StartTimer(_attempt, options.Backoff(_losses++, random)));
    }

    /// <summary>Where others have changed the value since, what is told is how this change left it.</summary>
    private RegisterOutcome OutcomeOf(RegisterValue value)
    {
        if (value.HasApplied(request, out var version))
            return new RegisterOutcome.Done(value.AsOf(version, command.Leaves), version);
        return command is RegisterCommand.CompareAndSet
            ? new RegisterOutcome.Mismatch(value)
            : new RegisterOutcome.Done(value, value.Version);
    }

    private RegisterOutcome Unfinished(RegisterFailure reason) =>
        ProposedSince is null ? new RegisterOutcome.NotDone(reason) : new RegisterOutcome.Unknown(reason);

    private void Reply(RegisterOutcome outcome, List<RegisterEffect> effects)
    {
        if (_replied)
            return;
        _replied = true;
        effects.Add(new RegisterEffect.Reply(outcome));
    }
}
