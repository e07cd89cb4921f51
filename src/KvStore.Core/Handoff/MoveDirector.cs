using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Handoff;

/// <summary>
/// Carries a committed ring change through: each partition in three epochs (write both and read old, write both and read new, done), some
/// partitions at a time, and the settled ring at the end. It keeps nothing on disk: whoever takes over asks everybody again. Two of
/// them at once do no harm, since only the ring log decides, but the slower one's proposals fail.
/// <para>Owned by the ring's actor; not thread-safe.</para>
/// Invariants: (1) a phase is proposed only when all living old and new owners, and a majority of the old ones, have fenced and
/// drained the one before; (2) a new owner is asked to fill only after the fence, so that no write misses both the
/// stream and the new owner; (3) new owners are read only when all are full on disk and a majority of the old ones has
/// reaffirmed the strong keys; (4) what was said before an epoch that this director has missed counts for nothing: it may have been of another
/// change.
/// </summary>
public sealed class MoveDirector(MoveOptions options)
{
    private readonly SortedDictionary<PartitionId, PartitionProgress> _moving = [];
    private Ring? _ring;
    private bool _proposed;

    /// <summary>Set in tests only.</summary>
    internal PlantedRingBugs Bugs { get; init; }

    /// <summary>How many partitions are on their way, and how many have still to begin.</summary>
    public (int Moving, int Waiting) Progress =>
        (_moving.Count, _ring?.Phases.Count(phase => phase == MovePhase.Waiting) ?? 0);

    /// <summary>The ring has changed, or this node takes over.</summary>
    public void OnRing(Ring ring, Func<NodeId, bool> isLive, List<MoveEffect> effects)
    {
        if (_ring is not null && ring.Epoch <= _ring.Epoch)
            return;
        if (ring.Epoch != _ring?.Epoch.Next())
            _moving.Clear();
        _ring = ring;
        _proposed = false;
        foreach (var partition in ring.Partitions)
            Track(ring, partition);
        OnTick(isLive, effects);
    }

    /// <summary>An owner has fenced the partition at the epoch, durably, and nothing of older epochs is under way there.</summary>
    public void OnFenced(
        NodeId owner, PartitionId partition, RingEpoch epoch, Func<NodeId, bool> isLive, List<MoveEffect> effects)
    {
        if (!_moving.TryGetValue(partition, out var progress) || progress.HasFenced(owner))
            return;
        progress.OnFenced(owner, epoch);
        if (progress.IsFenced(isLive))
            Ask(progress, isLive, effects);
        ProposeNext(isLive, effects);
    }

    /// <summary>
    /// A new owner has the whole partition on its disk, since it was asked in that epoch. Word of an earlier change counts for nothing.
    /// </summary>
    public void OnFilled(
        NodeId receiver, PartitionId partition, RingEpoch epoch, Func<NodeId, bool> isLive, List<MoveEffect> effects)
    {
        if (_moving.TryGetValue(partition, out var progress))
            progress.OnFilled(receiver, epoch);
        ProposeNext(isLive, effects);
    }

    /// <summary>An old owner has reaffirmed all strong keys it held of the partition when it was asked, in that epoch.</summary>
    public void OnReaffirmed(
        NodeId owner, PartitionId partition, RingEpoch epoch, Func<NodeId, bool> isLive, List<MoveEffect> effects)
    {
        if (_moving.TryGetValue(partition, out var progress))
            progress.OnReaffirmed(owner, epoch);
        ProposeNext(isLive, effects);
    }

    /// <summary>The proposal failed or got lost: the same, or a better one, may be made again.</summary>
    public void OnProposalFailed() => _proposed = false;

    /// <summary>Time to ask again for whatever is outstanding; once a second is enough.</summary>
    public void OnTick(Func<NodeId, bool> isLive, List<MoveEffect> effects)
    {
        foreach (var progress in _moving.Values)
            Ask(progress, isLive, effects);
        ProposeNext(isLive, effects, isTick: true);
    }

    private void Track(Ring ring, PartitionId partition)
    {
        var phase = ring.PhaseOf(partition);
        if (phase is MovePhase.None or MovePhase.Waiting)
            _moving.Remove(partition);
        else if (!_moving.TryGetValue(partition, out var known) || known.Phase != phase)
            _moving[partition] = new PartitionProgress(PartitionMove.Of(ring, partition)!, phase, ring.Epoch);
    }

    private void Ask(PartitionProgress progress, Func<NodeId, bool> isLive, List<MoveEffect> effects)
    {
        var partition = progress.Move.Partition;
        foreach (var owner in progress.Owners.Where(owner => isLive(owner) && !progress.HasFenced(owner)))
            effects.Add(new MoveEffect.AskFence(owner, partition, progress.Epoch));
        var mayFill = progress.IsFenced(isLive) || Bugs.HasFlag(PlantedRingBugs.SnapshotBeforeFence);
        if (progress.Phase != MovePhase.WriteBothReadOld || !mayFill)
            return;
        foreach (var fill in progress.Move.Fills.Where(fill => !progress.IsFilled(fill.Receiver)))
            effects.Add(new MoveEffect.AskFill(partition, progress.Epoch, fill));
        foreach (var owner in progress.Move.Old.Where(owner => isLive(owner) && !progress.HasReaffirmed(owner)))
            effects.Add(new MoveEffect.AskReaffirm(owner, partition, progress.Epoch));
    }

    /// <summary>
    /// What is ready goes into one epoch: at once when all that moves is ready, else at the next tick, so that a ring of many
    /// partitions does not take an epoch for each.
    /// </summary>
    private void ProposeNext(Func<NodeId, bool> isLive, List<MoveEffect> effects, bool isTick = false)
    {
        if (_ring is null || !_ring.IsChanging || _proposed)
            return;
        if (!isTick && !_moving.Values.All(progress => progress.Phase == MovePhase.Done || MayAdvance(progress, isLive)))
            return;
        var steps = Steps(isLive);
        if (steps.Count == 0 && !(RingSteps.CanSettle(_ring) && _moving.Values.All(progress => progress.IsFenced(isLive))))
            return;
        _proposed = true;
        effects.Add(new MoveEffect.Propose(steps.Count > 0 ? RingSteps.Advance(_ring, steps) : RingSteps.Settle(_ring)));
    }

    /// <summary>Every partition that may take its next step now, and as many waiting ones as there is room for.</summary>
    private Dictionary<PartitionId, MovePhase> Steps(Func<NodeId, bool> isLive)
    {
        var steps = _moving.Values
            .Where(progress => MayAdvance(progress, isLive))
            .ToDictionary(progress => progress.Move.Partition, progress => progress.Phase + 1);
        var room = options.MaxMoving - _moving.Values.Count(progress => progress.Phase != MovePhase.Done);
        foreach (var partition in _ring!.Partitions.Where(partition => _ring.PhaseOf(partition) == MovePhase.Waiting).Take(room))
            steps.Add(partition, MovePhase.WriteBothReadOld);
        return steps;
    }

    private bool MayAdvance(PartitionProgress progress, Func<NodeId, bool> isLive)
    {
        if (!progress.IsFenced(isLive) && !Bugs.HasFlag(PlantedRingBugs.PhaseBeforeFence))
            return false;
        return progress.Phase switch
        {
            MovePhase.WriteBothReadOld => progress.IsFilled()
                && (progress.IsReaffirmed() || Bugs.HasFlag(PlantedRingBugs.ReadNewBeforeReaffirmed)),
            MovePhase.WriteBothReadNew => true,
            _ => false,
        };
    }
}
