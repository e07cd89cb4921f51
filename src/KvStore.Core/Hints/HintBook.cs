using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Hints;

/// <summary>
/// The hints of one node: which keys it keeps for which owners that are away, and how they get there (Dynamo, section 4.6). The states
/// themselves are in the replicas; this is the index, the limits and the delivery.
/// <para>Owned by the hint actor; not thread-safe; rebuilt from disk at a start.</para>
/// Invariants: (1) one hint an owner and key; (2) a hint ends only when its target has the state on its disk, or, if no quorum counted it,
/// at the window's end or the cap, and then leaves its partition dirty for the owner; (3) a counted copy that cannot be delivered
/// to its owner in time goes to another primary, which has said that it knows whose it was, never nowhere; (4) a copy goes only with the
/// last hint on its key; (5) memory, bytes and deliveries on the way are bounded; (6) no two states that were kept have one generation, so
/// that a late answer ends nothing else.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="firstGeneration">Above any that an earlier book of this process gave out, if its answers may still come.</param>
public sealed class HintBook(HintOptions options, ulong firstGeneration = 0)
{
    private readonly SortedDictionary<NodeId, LinkedList<HintEntry>> _byOwner = [];
    private readonly Dictionary<HintId, LinkedListNode<HintEntry>> _entries = [];
    private readonly Dictionary<BucketKey, (int Hints, bool Counted)> _copies = [];
    private readonly HashSet<NodeId> _asked = [];
    private ulong _lastGeneration = firstGeneration;
    private int _inFlight;

    /// <summary>Set in tests only.</summary>
    internal PlantedRingBugs Bugs { get; init; }

    /// <summary>How many hints there are.</summary>
    public int Count => _entries.Count;

    /// <summary>How many bytes the kept states have.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many hints there are for each owner.</summary>
    public IEnumerable<(NodeId Owner, int Hints)> Owners => _byOwner.Select(entry => (entry.Key, entry.Value.Count));

    /// <summary>
    /// A state is to be kept for an owner. False when there is no room: a counted copy must then not be acknowledged, and for an
    /// uncounted one the partition is marked dirty; no write fails by it.
    /// </summary>
    /// <param name="id">For whom and what.</param>
    /// <param name="bytes">The size of the state.</param>
    /// <param name="counts">Whether a quorum will count this copy (a fallback's), or not (a coordinator's note to itself).</param>
    /// <param name="now">The monotonic clock.</param>
    /// <param name="effects">What to do.</param>
    public bool TryKeep(HintId id, int bytes, bool counts, TimeSpan now, List<HintEffect> effects)
    {
        if (_entries.TryGetValue(id, out var known))
        {
            Bytes += bytes - known.Value.Bytes;
            known.Value.Bytes = bytes;
            known.Value.Counts |= counts;
            _copies[id.Key] = (_copies[id.Key].Hints, _copies[id.Key].Counted || counts);
            known.Value.Generation = ++_lastGeneration;
            return true;
        }

        if (_entries.Count >= options.MaxHints || Bytes + bytes > options.MaxBytes)
        {
            if (!counts)
                effects.Add(new HintEffect.MarkDirty(id.Owner, id.Partition));
            return false;
        }

        Insert(new HintEntry(id, now, counts) { Bytes = bytes });
        return true;
    }

    /// <summary>
    /// A counted copy that was kept is stored now. What was delivered until then was read before, and ends nothing; a hint that it has ended
    /// already is kept again, whatever there is of others.
    /// </summary>
    /// <returns>It is kept again: write it down.</returns>
    public bool OnStored(HintId id, int bytes, TimeSpan now)
    {
        if (_entries.TryGetValue(id, out var known))
        {
            known.Value.Generation = ++_lastGeneration;
            return false;
        }

        Insert(new HintEntry(id, now, counts: true) { Bytes = bytes });
        return true;
    }

    /// <summary>Whether an owner waits for what is held under a key.</summary>
    public bool IsKept(BucketKey key) => _copies.ContainsKey(key);

    /// <summary>
    /// A hint that was on disk at the start; counts as kept since <paramref name="since"/>. What was booked by an earlier book of this process may have
    /// been stored, and kept, meanwhile.
    /// </summary>
    public void Recover(HintId id, int bytes, bool counts, TimeSpan since)
    {
        if (!_entries.ContainsKey(id))
            Insert(new HintEntry(id, since, counts) { Bytes = bytes });
    }

    /// <summary>
    /// Gives up what is past the window and asks those who are back for room, for no more than may be on the way. Once a second.
    /// </summary>
    public void OnTick(TimeSpan now, Ring ring, Func<NodeId, bool> isReachable, List<HintEffect> effects)
    {
        Expire(now, effects);
        var free = options.MaxInFlight - _inFlight;
        if (free <= 0)
            return;
        foreach (var (target, hints) in Deliverable(ring, isReachable))
        {
            if (_asked.Add(target))
                effects.Add(new HintEffect.Ask(target, Math.Min(free, hints.Count), hints.Take(free).Sum(hint => (long)hint.Bytes), hints[0].Bytes));
        }
    }

    /// <summary>
    /// A node will take so many hints and bytes now; none means: ask again later. What does not fit into what is left lets those
    /// pass that do, and is the first of the next question.
    /// </summary>
    public void OnGranted(NodeId target, int hints, long bytes, Ring ring, Func<NodeId, bool> isReachable, List<HintEffect> effects)
    {
        if (!_asked.Remove(target) || !Deliverable(ring, isReachable).TryGetValue(target, out var waiting))
            return;
        foreach (var hint in waiting.Take(hints))
        {
            if (_inFlight >= options.MaxInFlight)
                break;
            if (bytes < hint.Bytes)
                continue;
            bytes -= hint.Bytes;
            hint.InFlightTo = target;
            _inFlight++;
            var isOnBehalf = target != hint.Id.Owner && !Bugs.HasFlag(PlantedRingBugs.ExpiredHintForgotten);
            effects.Add(new HintEffect.Deliver(target, hint.Id, hint.Generation, isOnBehalf));
            if (Bugs.HasFlag(PlantedRingBugs.HintDroppedWhenSent))
                End(hint, effects);
        }
    }

    /// <summary>A target has the state of this generation on its disk, and knows whose it was.</summary>
    public void OnDelivered(HintId id, ulong generation, List<HintEffect> effects)
    {
        if (!_entries.TryGetValue(id, out var node))
            return;
        Land(node.Value);
        if (node.Value.Generation != generation)
            return;
        End(node.Value, effects);
    }

    /// <summary>A delivery failed, or was not confirmed in time: it will be tried again.</summary>
    public void OnUndelivered(HintId id)
    {
        if (_entries.TryGetValue(id, out var node))
            Land(node.Value);
    }

    /// <summary>A question for room was not answered in time.</summary>
    public void OnUnanswered(NodeId target) => _asked.Remove(target);

    /// <summary>
    /// What can go where now, oldest first, a bounded number a target: to the owner while it is one and can be reached; a counted
    /// copy that is overdue, or whose owner is none any more, to the first primary that can be reached.
    /// </summary>
    private SortedDictionary<NodeId, List<HintEntry>> Deliverable(Ring ring, Func<NodeId, bool> isReachable)
    {
        var found = new SortedDictionary<NodeId, List<HintEntry>>();
        foreach (var (_, hints) in _byOwner)
        {
            var taken = 0;
            foreach (var hint in hints)
            {
                if (taken == options.MaxAsk)
                    break;
                var target = hint.InFlightTo.IsNone ? TargetOf(hint, ring, isReachable) : NodeId.None;
                if (target.IsNone)
                    continue;
                if (!found.TryGetValue(target, out var list))
                    found.Add(target, list = []);
                list.Add(hint);
                taken++;
            }
        }

        return found;
    }

    private static NodeId TargetOf(HintEntry hint, Ring ring, Func<NodeId, bool> isReachable)
    {
        var list = ring.PreferenceList(hint.Id.Partition, ring.Replicas);
        var isOwner = list.IsPrimary(hint.Id.Owner);
        if (isOwner && isReachable(hint.Id.Owner))
            return hint.Id.Owner;
        return isOwner && !hint.IsOverdue ? NodeId.None : list.WriteTargets.FirstOrDefault(isReachable);
    }

    private void Expire(TimeSpan now, List<HintEffect> effects)
    {
        var ended = new List<HintEntry>();
        foreach (var (_, hints) in _byOwner)
        {
            foreach (var hint in hints)
            {
                if (now - hint.Since < options.Window)
                    break;
                if (!hint.IsOverdue)
                    Dirty(hint, effects);
                hint.IsOverdue = true;
                if (!hint.Counts && hint.InFlightTo.IsNone)
                    ended.Add(hint);
            }
        }

        foreach (var hint in ended)
            End(hint, effects);
    }

    private void Dirty(HintEntry hint, List<HintEffect> effects)
    {
        if (!Bugs.HasFlag(PlantedRingBugs.ExpiredHintForgotten))
            effects.Add(new HintEffect.MarkDirty(hint.Id.Owner, hint.Id.Partition));
    }

    private void Insert(HintEntry hint)
    {
        hint.Generation = ++_lastGeneration;
        if (!_byOwner.TryGetValue(hint.Id.Owner, out var hints))
            _byOwner.Add(hint.Id.Owner, hints = new LinkedList<HintEntry>());
        _entries.Add(hint.Id, hints.AddLast(hint));
        var (others, counted) = _copies.GetValueOrDefault(hint.Id.Key);
        _copies[hint.Id.Key] = (others + 1, counted || hint.Counts);
        Bytes += hint.Bytes;
    }

    private void Land(HintEntry hint)
    {
        if (hint.InFlightTo.IsNone)
            return;
        hint.InFlightTo = NodeId.None;
        _inFlight--;
    }

    private void End(HintEntry hint, List<HintEffect> effects)
    {
        Land(hint);
        Bytes -= hint.Bytes;
        _entries.Remove(hint.Id, out var node);
        var hints = _byOwner[hint.Id.Owner];
        hints.Remove(node!);
        if (hints.Count == 0)
            _byOwner.Remove(hint.Id.Owner);
        effects.Add(new HintEffect.Remove(hint.Id, LeaveCopy(hint.Id.Key)));
    }

    /// <summary>Whether nobody else waits for the copy, and it was kept for a quorum's sake: then it may go.</summary>
    private bool LeaveCopy(BucketKey key)
    {
        var (hints, counted) = _copies[key];
        if (hints > 1)
        {
            _copies[key] = (hints - 1, counted);
            return false;
        }

        _copies.Remove(key);
        return counted;
    }
}
