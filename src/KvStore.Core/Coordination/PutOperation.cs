using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Coordination;

/// <summary>
/// One write, as its coordinator drives it: let the own replica mint, send the set to the others, put stand-ins where owners
/// cannot be reached, answer once, go on until every owner has it or a hint. Owned by one driver, which carries out the
/// effects in order; not thread-safe. The coordinator is itself an owner or a fallback of the key.
/// <para>Invariants: (1) at most one Reply; (2) Done only if W distinct owners' slots are filled, PW of them by the owners
/// themselves and DW from disk, among the old and among the new owners each; (3) NotDone only if no dot was minted;
/// (4) a node stands in for at most one owner; (5) events after Finish are ignored: late answers are expected.</para>
/// <para>After DeCandia et al., "Dynamo" (2007), sections 4.5 and 4.6.</para>
/// </summary>
public sealed class PutOperation
{
    private readonly NodeId _self;
    private readonly Quorum _quorum;
    private readonly Func<NodeId, bool> _isReachable;
    private readonly TimeSpan _deadline;
    private readonly TimeSpan _hedgeAfter;
    private readonly List<WriteSlot> _slots = [];
    private readonly HashSet<NodeId> _failed = [];
    private PreferenceList _plan;
    private NodeId? _selfStandsFor;
    private SiblingSet? _set;
    private Dot? _dot;
    private bool _replied;
    private bool _finished;
    private bool _minting;
    private int _countedTwice;
    private RingEpoch _awaitedRing;

    /// <param name="self">The coordinating node; in the plan.</param>
    /// <param name="plan">Whom to write to.</param>
    /// <param name="quorum">How many of them are needed.</param>
    /// <param name="isReachable">This node's opinion of who can be reached now.</param>
    /// <param name="deadline">How much of the client's budget is left.</param>
    /// <param name="hedgeAfter">When a silent owner is given a stand-in, if the quorum still lacks it; zero for never.</param>
    public PutOperation(
        NodeId self, PreferenceList plan, Quorum quorum, Func<NodeId, bool> isReachable, TimeSpan deadline, TimeSpan hedgeAfter)
    {
        Invariant.Check(plan.IsPrimary(self) || plan.Fallbacks.Contains(self));
        (_self, _plan, _quorum, _isReachable, _deadline, _hedgeAfter) = (self, plan, quorum, isReachable, deadline, hedgeAfter);
        BuildSlots();
    }

    /// <summary>Defects that tests switch on.</summary>
    internal PlantedBugs Bugs { get; init; }

    /// <summary>Who acknowledged until now.</summary>
    public OperationTally Tally => new(
        EachSet(static (_, slot) => slot.OwnerAcked), Count(static slot => !slot.OwnerAcked && slot.StandInAcked),
        EachSet(static (_, slot) => slot.Durable), Count(static slot => slot.Hinted), _failed.Count);

    /// <summary>
    /// Which node should coordinate: the first that can be reached, primaries before fallbacks. A node outside the list forwards
    /// to it, so that only replicas ever mint dots. Null when none can be reached.
    /// </summary>
    public static NodeId? ChooseCoordinator(PreferenceList list, Func<NodeId, bool> isReachable)
    {
        foreach (var node in list.WriteTargets.Concat(list.Fallbacks))
        {
            if (isReachable(node))
                return node;
        }

        return null;
    }

    /// <summary>Begins: mints on this node, or answers at once when the quorum cannot be met.</summary>
    public void Start(List<PutEffect> effects)
    {
        if (!CanStart())
        {
            Reply(PutResult.NotDone, PutReason.QuorumImpossible, Refusal.None, effects);
            Finish(effects);
            return;
        }

        effects.Add(new PutEffect.StartTimer(_deadline));
        Mint(effects);
    }

    /// <summary>
    /// The own replica has minted and logged the write; its acknowledgement follows when it is as durable as configured.
    /// </summary>
    public void OnMinted(Dot dot, SiblingSet set, List<PutEffect> effects)
    {
        if (_finished || _set is not null)
            return;
        (_dot, _set) = (dot, set);
        foreach (var slot in _slots)
            Ask(slot, effects);
        if (_hedgeAfter > TimeSpan.Zero && _quorum.Sloppy)
            effects.Add(new PutEffect.StartHedgeTimer(_hedgeAfter));
        Decide(effects);
    }

    /// <summary>A replica, this node's own too, holds the set.</summary>
    public void OnAck(NodeId from, bool durable, List<PutEffect> effects)
    {
        if (_finished || _set is null)
            return;
        foreach (var slot in _slots)
        {
            if (slot.Owner == from)
            {
                _countedTwice += (slot.OwnerAcked || from == _self) && (Bugs & PlantedBugs.AckCountedTwice) != 0 ? 1 : 0;
                slot.OwnerAcked = true;
                slot.OwnerPending = false;
                slot.Durable |= durable;
            }
            else if (slot.StandIn == from)
            {
                slot.StandInAcked = true;
                slot.StandInPending = false;
                slot.Durable |= durable;
            }
        }

        Decide(effects);
    }

    /// <summary>
    /// A replica refused, or could not be reached. <paramref name="epoch"/> is its fence when it called the epoch stale.
    /// </summary>
    public void OnRefused(NodeId from, Refusal refusal, RingEpoch epoch, List<PutEffect> effects)
    {
        if (_finished)
            return;
        if (refusal == Refusal.StaleEpoch)
        {
            _minting &= from != _self;
            if (epoch > _plan.Epoch && epoch > _awaitedRing)
                effects.Add(new PutEffect.RefreshRing(_awaitedRing = epoch));
            return;
        }

        if (from == _self && _set is null)
        {
            var result = refusal is Refusal.StorageLost or Refusal.HandedOn ? PutResult.Unknown : PutResult.NotDone;
            Reply(result, PutReason.Refused, refusal, effects);
            Finish(effects);
            return;
        }

        _failed.Add(from);
        foreach (var slot in _slots)
            Fail(slot, from, effects);
        Decide(effects);
    }

    /// <summary>The ring has moved on: goes on with the plan made from it. What is acknowledged stays so.</summary>
    public void OnPlan(PreferenceList plan, List<PutEffect> effects)
    {
        if (_finished || plan.Epoch <= _plan.Epoch)
            return;
        var before = _slots.ToArray();
        _plan = plan;
        if (!plan.IsPrimary(_self) && !plan.Fallbacks.Contains(_self))
        {
            GiveUpAfterMove(effects);
            return;
        }

        BuildSlots();
        if (_set is null)
        {
            if (!_minting)
                Mint(effects);
            return;
        }

        foreach (var slot in _slots)
        {
            CarryOver(before, slot);
            if (!slot.OwnerAcked && !slot.StandInAcked)
                Ask(slot, effects);
        }

        Decide(effects);
    }

    /// <summary>Some owners are slow: stand-ins for those that the quorum still lacks.</summary>
    public void OnHedge(List<PutEffect> effects)
    {
        if (_finished || _replied || _set is null)
            return;
        foreach (var slot in _slots)
        {
            if (!slot.Filled && slot.StandIn is null && NextStandIn() is { } node)
                SendToStandIn(slot, node, effects);
        }
    }

    /// <summary>The deadline has passed.</summary>
    public void OnTimeout(List<PutEffect> effects)
    {
        if (_finished)
            return;
        Reply(PutResult.Unknown, PutReason.Timeout, Refusal.None, effects);
        foreach (var slot in _slots)
        {
            if (!slot.Filled && !slot.Hinted && _set is not null)
                effects.Add(new PutEffect.MarkDirty(slot.Owner));
        }

        Finish(effects);
    }

    private void BuildSlots()
    {
        _slots.Clear();
        _selfStandsFor = null;
        foreach (var owner in _plan.WriteTargets)
            _slots.Add(new WriteSlot(owner));
        if (_plan.IsPrimary(_self))
            return;
        var stoodInFor = _slots.Find(slot => !_isReachable(slot.Owner)) ?? _slots[0];
        stoodInFor.StandIn = _self;
        _selfStandsFor = stoodInFor.Owner;
    }

    /// <summary>Whether enough owners, or stand-ins for them, can be reached for the quorum to be met at all.</summary>
    private bool CanStart()
    {
        var owners = EachSet(static (put, slot) => put.Reach(slot.Owner));
        var standIns = _quorum.Sloppy ? _plan.Fallbacks.Count(Reach) : 0;
        var possible = Math.Min(owners + standIns, EachSet(static (_, _) => true));
        return possible >= Math.Max(_quorum.W, _quorum.DW) && owners >= _quorum.PW;
    }

    private bool Reach(NodeId node) => node == _self || _isReachable(node);

    private void Mint(List<PutEffect> effects)
    {
        _minting = true;
        effects.Add(new PutEffect.Mint(_plan.Epoch, _selfStandsFor));
    }

    private void Ask(WriteSlot slot, List<PutEffect> effects)
    {
        if (slot.Owner == _self)
        {
            slot.OwnerPending = true;
            return;
        }

        if (slot.StandIn == _self && !slot.StandInAcked)
            slot.StandInPending = true;
        if (_isReachable(slot.Owner) && !_failed.Contains(slot.Owner))
        {
            slot.OwnerPending = true;
            effects.Add(new PutEffect.Send(slot.Owner, _plan.Epoch, _set!, StandsFor: null));
        }
        else if (slot.StandIn is null)
        {
            ReplaceOwner(slot, effects);
        }
    }

    private void ReplaceOwner(WriteSlot slot, List<PutEffect> effects)
    {
        if (_quorum.Sloppy && NextStandIn() is { } node)
        {
            SendToStandIn(slot, node, effects);
        }
        else if (!slot.Hinted && slot.Owner != _self)
        {
            slot.Hinted = true;
            effects.Add(new PutEffect.LeaveHint(slot.Owner, _set!));
        }
    }

    private void SendToStandIn(WriteSlot slot, NodeId node, List<PutEffect> effects)
    {
        slot.StandIn = node;
        slot.StandInPending = true;
        effects.Add(new PutEffect.Send(node, _plan.Epoch, _set!, slot.Owner));
    }

    private NodeId? NextStandIn()
    {
        foreach (var node in _plan.Fallbacks)
        {
            if (node != _self && !_failed.Contains(node) && _isReachable(node) && !_slots.Exists(slot => slot.StandIn == node))
                return node;
        }

        return null;
    }

    private void Fail(WriteSlot slot, NodeId from, List<PutEffect> effects)
    {
        if (slot.Owner == from && slot.OwnerPending)
        {
            slot.OwnerPending = false;
            if (slot.StandIn is null && _set is not null)
                ReplaceOwner(slot, effects);
        }
        else if (slot.StandIn == from && slot.StandInPending)
        {
            slot.StandInPending = false;
            slot.StandIn = null;
            if (!slot.OwnerPending && !slot.OwnerAcked)
                ReplaceOwner(slot, effects);
        }
    }

    /// <summary>
    /// Who has acknowledged under the older plan holds the set, and keeps counting: for itself where it is an owner now, and else for whom it
    /// stands in.
    /// </summary>
    private void CarryOver(WriteSlot[] before, WriteSlot slot)
    {
        foreach (var old in before)
        {
            if (old.Owner == slot.Owner)
            {
                slot.OwnerAcked |= old.OwnerAcked;
                slot.Hinted |= old.Hinted;
                slot.Durable |= old.Durable;
                if (old is { StandInAcked: true, StandIn: { } standIn } && (slot.StandIn ?? standIn) == standIn
                    && !_slots.Exists(other => other.Owner == standIn))
                {
                    (slot.StandIn, slot.StandInAcked) = (old.StandIn, true);
                }
            }
            else if (old.StandIn == slot.Owner && old.StandInAcked)
            {
                slot.OwnerAcked = true;
                slot.Durable |= old.Durable;
            }
        }
    }

    /// <summary>
    /// This node has no part in the key any more: what was minted under the older ring spreads from who has it.
    /// </summary>
    private void GiveUpAfterMove(List<PutEffect> effects)
    {
        Reply(_set is null ? PutResult.NotDone : PutResult.Unknown, PutReason.Refused, Refusal.StaleEpoch, effects);
        Finish(effects);
    }

    private void Decide(List<PutEffect> effects)
    {
        if (!_replied && Meets(static (put, slot) => put.IsFilled(slot), _quorum.W) && Meets(static (_, slot) => slot.OwnerAcked, _quorum.PW)
            && Meets(static (put, slot) => slot.Durable && put.IsFilled(slot), _quorum.DW))
            Reply(PutResult.Done, PutReason.None, Refusal.None, effects);
        else if (!_replied && !StillPossible())
            Reply(PutResult.Unknown, PutReason.QuorumImpossible, Refusal.None, effects);
        if (_slots.TrueForAll(static slot => !slot.Pending) && _awaitedRing <= _plan.Epoch)
            Finish(effects);
    }

    private bool StillPossible() =>
        _awaitedRing > _plan.Epoch
        || (Meets(static (put, slot) => put.MayBeFilled(slot), _quorum.W)
            && Meets(static (_, slot) => slot.OwnerAcked || slot.OwnerPending, _quorum.PW)
            && Meets(static (put, slot) => slot.Durable || (put.MayBeFilled(slot) && slot.Pending), _quorum.DW));

    /// <summary>
    /// A strict write counts owners only; a coordinator that is no owner keeps its own copy as a hint all the same.
    /// </summary>
    private bool IsFilled(WriteSlot slot) => _quorum.Sloppy ? slot.Filled : slot.OwnerAcked;

    private bool MayBeFilled(WriteSlot slot) => IsFilled(slot) || (_quorum.Sloppy ? slot.Pending : slot.OwnerPending);

    private bool Meets(Func<PutOperation, WriteSlot, bool> counts, int needed) => EachSet(counts) + _countedTwice >= needed;

    /// <summary>
    /// How many slots count among the old owners and among the new ones; the smaller number. (Asked several times at each answer: what counts is a
    /// static function, so that asking makes no garbage.)
    /// </summary>
    private int EachSet(Func<PutOperation, WriteSlot, bool> counts)
    {
        var (old, @new) = (0, 0);
        foreach (var slot in _slots)
        {
            if (!counts(this, slot))
                continue;
            old += _plan.OldPrimaries.Contains(slot.Owner) ? 1 : 0;
            @new += _plan.IsMoving && _plan.NewPrimaries.Contains(slot.Owner) ? 1 : 0;
        }

        return !_plan.IsMoving || (Bugs & PlantedBugs.OnlyOldOwnersCounted) != 0 ? old : Math.Min(old, @new);
    }

    private int Count(Predicate<WriteSlot> counts)
    {
        var count = 0;
        foreach (var slot in _slots)
            count += counts(slot) ? 1 : 0;
        return count;
    }

    private void Reply(PutResult result, PutReason reason, Refusal refusal, List<PutEffect> effects)
    {
        if (_replied)
            return;
        _replied = true;
        effects.Add(new PutEffect.Reply(new PutOutcome(result, reason, refusal, Tally, _dot, _set)));
    }

    private void Finish(List<PutEffect> effects)
    {
        _finished = true;
        effects.Add(PutEffect.Finish.Instance);
    }
}
