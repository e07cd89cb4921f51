using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Replication;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// A node's hints for owners that are away, and its part in a move: fill the joiner, drop what is not its own any more.
/// </summary>
internal sealed class SimHandoff(SimNode node)
{
    private readonly List<(NodeId Owner, BucketKey Key, SiblingSet Set)> _kept = [];

    public bool KeepsHints => _kept.Count > 0;

    /// <summary>The coordinator keeps a hint itself.</summary>
    public void Keep(NodeId owner, BucketKey key, SiblingSet set) => _kept.Add((owner, key, set));

    /// <summary>Brings every hint to its owner, or to the owners there are now; drops the copies that all have.</summary>
    public void DeliverHints()
    {
        foreach (var hint in _kept.ToArray())
            Deliver(hint.Key, hint.Set, [hint.Owner], () => _kept.Remove(hint));
        foreach (var (key, owners) in node.Disk.Hints.ToArray())
        {
            if (!node.Disk.States.TryGetValue(key, out var set))
                continue;
            Deliver(key, set, [.. owners], () => OnDelivered(key, set, [.. owners]));
        }
    }

    /// <summary>A stand-in that has no hint for a copy has no reason to keep it.</summary>
    public void DropWhatIsNotOurs()
    {
        if (node.List.IsPrimary(node.Id))
            return;
        foreach (var (key, set) in node.Disk.States.Where(entry => !node.Disk.Hints.ContainsKey(entry.Key)).ToArray())
            Drop(key, set.Hash);
    }

    /// <summary>Everything older than this epoch is refused and drained here.</summary>
    public void OnFenced(RingEpoch epoch)
    {
        var ring = node.World.Ring;
        node.World.After(node.World.Milliseconds(1, 50), () => ring.OnFenced(node.Id, epoch));
        node.ReportWhole();
        if (!node.List.IsMoving)
            DropWhatIsNotOurs();
    }

    /// <summary>The director asks for it: this node is whom the joiner takes over from.</summary>
    public void FillJoiner(NodeId joiner, RingEpoch epoch) => Fill(joiner, epoch);

    private void Deliver(BucketKey key, SiblingSet set, IReadOnlyList<NodeId> owners, Action delivered)
    {
        var to = owners.SelectMany(owner => node.List.IsPrimary(owner) ? [owner] : node.List.WriteTargets).ToHashSet();
        to.Remove(node.Id);
        if (to.Count == 0)
            delivered();
        foreach (var target in to.ToArray())
        {
            node.Ask<bool>(
                target,
                (there, answer) => there.Merge(node.List.Epoch, key, set, null, (_, held) => answer(held is not null)),
                stored =>
                {
                    if (stored && to.Remove(target) && to.Count == 0)
                        delivered();
                });
        }
    }

    private void OnDelivered(BucketKey key, SiblingSet set, IReadOnlyList<NodeId> owners)
    {
        if (!node.List.IsPrimary(node.Id))
        {
            if (node.Disk.Hints.TryGetValue(key, out var hinted) && hinted.All(owners.Contains))
                Drop(key, set.Hash);
            return;
        }

        if (!node.Disk.States.TryGetValue(key, out var now) || !now.StateEquals(set))
            return;
        foreach (var owner in owners)
            node.Disk.HintDelivered(key, owner);
    }

    private void Drop(BucketKey key, ulong hash) =>
        node.Tell((replica, effects) => replica.OnDrop(CallId.None, replica.Fence, key, hash, node.Time, effects));

    /// <summary>
    /// Streams everything held at the moment of the fence to the joiner, again and again until it is all there; then says what
    /// had
    /// been seen here at that moment.
    /// </summary>
    private void Fill(NodeId joiner, RingEpoch epoch)
    {
        var snapshot = node.Disk.States.Where(entry => !node.Disk.Damaged.Contains(entry.Key)).ToList();
        var seen = node.Replica!.Meta.Watermarks.Join(node.Replica.Origins);
        if (node.Disk.Damaged.Count > 0 || !node.Replica.Meta.IsWhole)
        {
            node.Later(TimeSpan.FromSeconds(3), () => FillAgain(joiner, epoch));
            return;
        }

        var waiting = snapshot.Select(entry => entry.Key).ToHashSet();
        void Filled() => node.World.Send(node.Id, joiner, there => there.OnFilled(epoch, seen));
        foreach (var (key, set) in snapshot)
        {
            node.Ask<bool>(
                joiner,
                (there, answer) => there.Merge(epoch, key, set, null, (_, held) => answer(held is not null)),
                stored =>
                {
                    if (stored && waiting.Remove(key) && waiting.Count == 0)
                        Filled();
                });
        }

        if (waiting.Count == 0)
            Filled();
        node.Later(TimeSpan.FromSeconds(3), () => FillAgain(joiner, epoch));
    }

    private void FillAgain(NodeId joiner, RingEpoch epoch)
    {
        if (node.World.Ring.List.Epoch == epoch && node.World.Ring.IsSource(node.Id, out _))
            Fill(joiner, epoch);
    }
}
