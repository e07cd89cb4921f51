using System.Collections.Immutable;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Coordination;

/// <summary>
/// One read, as its coordinator drives it: ask the owners, let fallbacks help where owners cannot be reached, answer at R,
/// then wait for the rest and repair owners that are stale. Owned by one driver; not thread-safe.
/// <para>As few are asked as can make up the quorum, the nearest among them. All are when one fails, is slow or gives an answer
/// that does not count, and, after the answer, when two differ: the others may be behind as well.</para>
/// <para>What counts: an owner's answer counts for R and PR. A stand-in's data counts for R. A stand-in's "nothing here" is no
/// information; it counts for R only when every owner that can be reached has answered and one of them knew something.
/// A strict read counts owners that are whole, and uses nothing else.</para>
/// <para>Invariants: (1) at most one Reply; (2) Done only if R and PR are met by distinct nodes; (3) unreadable is never
/// "not found"; (4) a monotonic answer is held by N-R+1 owners before it is given, while the partition moves by so many of the
/// old ones and of the new; (5) events after Finish are ignored.</para>
/// <para>After DeCandia et al., "Dynamo" (2007), sections 4.5 and 5; monotonic reads after Cassandra's blocking read
/// repair.</para>
/// </summary>
public sealed class GetOperation
{
    private enum State : byte
    {
        Idle,
        Asked,
        Answered,
        Failed,
    }

    private readonly Quorum _quorum;
    private readonly Func<NodeId, bool> _isReachable;
    private readonly ReadOptions _options;
    private readonly List<(NodeId Node, State State)> _states = [];
    private readonly List<(NodeId Node, ReadAnswer Answer)> _answers = [];
    private readonly HashSet<NodeId> _repairing = [];
    private readonly HashSet<NodeId> _unrepaired = [];
    private readonly HashSet<NodeId> _holders = [];
    private PreferenceList _plan;
    private SiblingSet _merged = SiblingSet.Empty;
    private bool _asksAll;
    private bool _hedged;
    private bool _confirming;
    private bool _replied;
    private bool _finished;
    private RingEpoch _awaitedRing;

    /// <param name="plan">Whom to ask.</param>
    /// <param name="quorum">How many answers are needed.</param>
    /// <param name="isReachable">This node's opinion of who can be reached now.</param>
    /// <param name="options">Budget, hedging, monotonic or not.</param>
    public GetOperation(PreferenceList plan, Quorum quorum, Func<NodeId, bool> isReachable, ReadOptions options) =>
        (_plan, _quorum, _isReachable, _options) = (plan, quorum, isReachable, options);

    /// <summary>Who answered until now.</summary>
    public OperationTally Tally => new(OwnersAnswered(), StandInsAnswered(), 0, 0, CountOf(State.Failed));

    /// <summary>Begins: asks the owners, or answers at once when the quorum cannot be met.</summary>
    public void Start(List<GetEffect> effects)
    {
        effects.Add(new GetEffect.StartTimer(_options.Deadline));
        if (_options.HedgeAfter > TimeSpan.Zero)
            effects.Add(new GetEffect.StartHedgeTimer(_options.HedgeAfter));
        AskMore(effects);
        Decide(effects);
    }

    /// <summary>A replica answered.</summary>
    public void OnAnswer(NodeId from, ReadAnswer answer, List<GetEffect> effects)
    {
        if (_finished || StateOf(from) is State.Idle or State.Answered)
            return;
        Set(from, answer.Kind == AnswerKind.Unreadable ? State.Failed : State.Answered);
        _answers.Add((from, answer));
        if (Uses(answer) && !_confirming)
            _merged = SiblingSet.Sync(_merged, answer.Set);
        if (!IsOwnersWord(from, answer))
            AskAll(effects);
        Decide(effects);
    }

    /// <summary>A replica refused, or could not be reached.</summary>
    public void OnRefused(NodeId from, Refusal refusal, RingEpoch epoch, List<GetEffect> effects)
    {
        if (_finished)
            return;
        if (refusal == Refusal.StaleEpoch)
        {
            if (epoch > _plan.Epoch && epoch > _awaitedRing)
                effects.Add(new GetEffect.RefreshRing(_awaitedRing = epoch));
            return;
        }

        if (_repairing.Remove(from))
            _unrepaired.Add(from);
        if (StateOf(from) == State.Asked)
            Set(from, State.Failed);
        AskAll(effects);
        Decide(effects);
    }

    /// <summary>A replica has merged what it was sent, and holds at least that.</summary>
    public void OnRepaired(NodeId from, List<GetEffect> effects)
    {
        if (_finished || !_repairing.Remove(from))
            return;
        _holders.Add(from);
        Decide(effects);
    }

    /// <summary>The ring has moved on: goes on with the plan made from it. Answers of who still is an owner stay.</summary>
    public void OnPlan(PreferenceList plan, List<GetEffect> effects)
    {
        if (_finished || plan.Epoch <= _plan.Epoch)
            return;
        _plan = plan;
        _states.RemoveAll(known => known.State == State.Asked || !plan.Primaries.Contains(known.Node));
        _answers.RemoveAll(known => !plan.Primaries.Contains(known.Node));
        _repairing.Clear();
        _unrepaired.Clear();
        AskAll(effects);
        Decide(effects);
    }

    /// <summary>
    /// Some replicas are slow: at first whoever was not asked is; later, another in the place of each that still says nothing.
    /// </summary>
    public void OnHedge(List<GetEffect> effects)
    {
        if (_finished || _replied || _confirming)
            return;
        AskAll(effects);
        if (!_hedged && _options.ReplaceAfter > _options.HedgeAfter)
        {
            effects.Add(new GetEffect.StartHedgeTimer(_options.ReplaceAfter - _options.HedgeAfter));
        }
        else
        {
            for (var silent = CountOf(State.Asked); silent > 0 && NextToAsk() is { } next; silent--)
                Ask(next, effects);
        }

        _hedged = true;
    }

    /// <summary>The deadline has passed.</summary>
    public void OnTimeout(List<GetEffect> effects)
    {
        if (_finished)
            return;
        if (!_replied)
        {
            var enough = _quorum.Sloppy && !_options.Monotonic && SloppyMet(ownersOutstanding: 0);
            Reply(enough ? GetResult.Done : GetResult.Timeout, effects);
        }

        RepairStale(effects);
        Finish(effects);
    }

    /// <summary>So many that every later read of R meets one.</summary>
    private int HoldersNeeded(ImmutableArray<NodeId> owners) => Math.Min(owners.Length, Math.Max(1, _quorum.N - _quorum.R + 1));

    private void AskAll(List<GetEffect> effects)
    {
        _asksAll = true;
        AskMore(effects);
    }

    /// <summary>
    /// Asks until as many are under way or answered as wanted: of all, each owner, and one stand-in for each that cannot answer.
    /// </summary>
    private void AskMore(List<GetEffect> effects)
    {
        var few = Math.Max(Math.Max(_options.AskFirst, _options.Monotonic ? HoldersNeeded(_plan.Primaries) : 0), Math.Max(_quorum.R, _quorum.PR));
        var wanted = _asksAll ? _plan.Primaries.Length : Math.Min(_plan.Primaries.Length, few);
        while (_states.Count - CountOf(State.Failed) < wanted && NextToAsk() is { } next)
            Ask(next, effects);
    }

    private NodeId? NextToAsk()
    {
        if (_states.Count == 0 && _options.Nearest is { } nearest && _plan.Primaries.Contains(nearest) && _isReachable(nearest))
            return nearest;
        return FirstToAsk(_plan.Primaries) ?? (_quorum.Sloppy ? FirstToAsk(_plan.Fallbacks) : null);
    }

    private NodeId? FirstToAsk(ImmutableArray<NodeId> nodes)
    {
        foreach (var node in nodes)
        {
            if (StateOf(node) == State.Idle && _isReachable(node))
                return node;
        }

        return null;
    }

    /// <summary>Nodes are few: a list of them is searched faster than anything else.</summary>
    private State StateOf(NodeId node)
    {
        foreach (var known in _states)
        {
            if (known.Node == node)
                return known.State;
        }

        return State.Idle;
    }

    private void Set(NodeId node, State state)
    {
        for (var i = 0; i < _states.Count; i++)
        {
            if (_states[i].Node != node)
                continue;
            _states[i] = (node, state);
            return;
        }

        _states.Add((node, state));
    }

    private int CountOf(State state)
    {
        var count = 0;
        foreach (var known in _states)
            count += known.State == state ? 1 : 0;
        return count;
    }

    private int OwnersOutstanding()
    {
        var count = 0;
        foreach (var node in _plan.Primaries)
            count += StateOf(node) == State.Asked ? 1 : 0;
        return count;
    }

    private void Ask(NodeId node, List<GetEffect> effects)
    {
        Set(node, State.Asked);
        effects.Add(new GetEffect.Ask(node, _plan.Epoch));
    }

    private void Decide(List<GetEffect> effects)
    {
        if (_replied)
        {
            RepairTheRest(effects);
            return;
        }

        if (Met(OwnersOutstanding()) && (!_options.Monotonic || Confirmed(effects)))
        {
            Reply(GetResult.Done, effects);
            RepairTheRest(effects);
        }
        else if (CountOf(State.Asked) == 0 && _repairing.Count == 0 && _awaitedRing <= _plan.Epoch)
        {
            Reply(GetResult.QuorumImpossible, effects);
            RepairTheRest(effects);
        }
    }

    private bool Met(int ownersOutstanding) =>
        OwnersAnswered() >= _quorum.PR
        && (OwnersAnswered() + StandInsWithData() >= _quorum.R || (_quorum.Sloppy && SloppyMet(ownersOutstanding)));

    /// <summary>
    /// Whether stand-ins that know nothing may fill up the number: only when no owner is still to speak, and one has.
    /// </summary>
    private bool SloppyMet(int ownersOutstanding) =>
        ownersOutstanding == 0 && OwnersAnswered() >= Math.Max(1, _quorum.PR)
        && OwnersAnswered() + StandInsAnswered() >= _quorum.R;

    private int OwnersAnswered()
    {
        var count = 0;
        foreach (var (node, answer) in _answers)
            count += IsOwnersWord(node, answer) ? 1 : 0;
        return count;
    }

    private int StandInsWithData() => _quorum.Sloppy ? StandIns(withData: true) : 0;

    private int StandInsAnswered() => _quorum.Sloppy ? StandIns(withData: false) : 0;

    private int StandIns(bool withData)
    {
        var count = 0;
        foreach (var (node, answer) in _answers)
        {
            if (!IsOwnersWord(node, answer) && answer.Kind != AnswerKind.Unreadable && (!withData || answer.Kind == AnswerKind.Found))
                count++;
        }

        return count;
    }

    private bool IsOwnersWord(NodeId node, ReadAnswer answer) =>
        !answer.Provisional && _plan.Primaries.Contains(node) && answer.Kind is AnswerKind.Found or AnswerKind.NotFound;

    private bool Uses(ReadAnswer answer) => answer.Kind == AnswerKind.Found && (_quorum.Sloppy || !answer.Provisional);

    /// <summary>
    /// Whether enough owners hold what is about to be shown that every later read of R meets one; repairs them if not.
    /// </summary>
    private bool Confirmed(List<GetEffect> effects)
    {
        _confirming = true;
        foreach (var (node, answer) in _answers)
        {
            if (IsOwnersWord(node, answer) && answer.Set.Dominates(_merged))
                _holders.Add(node);
        }

        if (_merged.IsEmpty || (IsHeldBy(_plan.OldPrimaries) && IsHeldBy(_plan.NewPrimaries)))
            return true;
        AskAll(effects);
        RepairStale(effects);
        RepairUnasked(effects);
        return false;
    }

    private bool IsHeldBy(ImmutableArray<NodeId> owners) => _holders.Count(owners.Contains) >= HoldersNeeded(owners);

    /// <summary>While the partition moves: the owners that serve no reads now, but did until lately or will soon.</summary>
    private void RepairUnasked(List<GetEffect> effects)
    {
        foreach (var node in _plan.WriteTargets)
        {
            if (!_plan.Primaries.Contains(node) && !_holders.Contains(node) && !_unrepaired.Contains(node) && _isReachable(node))
                Repair(node, effects);
        }
    }

    /// <summary>
    /// After the answer: once everyone asked has spoken, brings the owners that are behind up to date, and ends.
    /// </summary>
    private void RepairTheRest(List<GetEffect> effects)
    {
        if (!_asksAll && _answers.Exists(IsStale))
            AskAll(effects);
        if (CountOf(State.Asked) > 0)
            return;
        RepairStale(effects);
        Finish(effects);
    }

    private void RepairStale(List<GetEffect> effects)
    {
        foreach (var known in _answers)
        {
            if (IsStale(known))
                Repair(known.Node, effects);
        }
    }

    private void Repair(NodeId node, List<GetEffect> effects)
    {
        if (_repairing.Add(node))
            effects.Add(new GetEffect.Repair(node, _plan.Epoch, _merged));
    }

    private bool IsStale((NodeId Node, ReadAnswer Answer) known) =>
        !_merged.IsEmpty && _plan.Primaries.Contains(known.Node) && !_holders.Contains(known.Node) && !_unrepaired.Contains(known.Node)
        && (known.Answer.Kind == AnswerKind.Unreadable || !known.Answer.Set.Dominates(_merged));

    private void Reply(GetResult result, List<GetEffect> effects)
    {
        _replied = true;
        effects.Add(new GetEffect.Reply(new GetOutcome(result, result == GetResult.Done ? _merged : SiblingSet.Empty, Tally)));
    }

    private void Finish(List<GetEffect> effects)
    {
        _finished = true;
        effects.Add(GetEffect.Finish.Instance);
    }
}
