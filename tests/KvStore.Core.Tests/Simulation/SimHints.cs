using KvStore.Core.AntiEntropy;
using KvStore.Core.Hints;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Replication;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// A node's hints: the <see cref="HintBook"/>, rebuilt from the disk at each start, and what its owner would do for it: ask, deliver,
/// drop what was delivered, and compare first with those for whom something was given up.
/// </summary>
internal sealed class SimHints
{
    private static readonly PartitionId Partition = new(0);
    private static readonly HintOptions Options = new() { Window = TimeSpan.FromSeconds(15), MaxInFlight = 6, MaxAsk = 3 };

    private readonly SimNode _node;
    private readonly HintBook _book;
    private readonly HintAdmission _admission = new(new HintAdmissionOptions());
    private readonly Dictionary<HintId, ulong> _sent = [];
    private readonly Dictionary<NodeId, int> _dirty = [];

    public SimHints(SimNode node)
    {
        _node = node;
        _book = new HintBook(Options) { Bugs = node.World.Options.RingBugs };
        foreach (var (key, owners) in node.Disk.Hints)
        {
            foreach (var (owner, hint) in owners)
                _book.Recover(new HintId(owner, Partition, key), BytesOf(key), hint.Counts, hint.Since);
        }
    }

    /// <summary>A copy is to be stored here on behalf of an owner: booked before the replica has it.</summary>
    public void OnStandsFor(NodeId owner, BucketKey key) => Keep(owner, key, counts: true);

    /// <summary>It is on the disk, with its hint.</summary>
    public void OnStored(NodeId owner, BucketKey key) => _book.OnStored(new HintId(owner, Partition, key), BytesOf(key), _node.World.Now);

    /// <summary>The coordinator leaves a note to itself: what it stores has not reached the owner.</summary>
    public void LeaveNote(NodeId owner, BucketKey key)
    {
        _node.Disk.NoteHint(key, owner, _node.World.Now);
        Keep(owner, key, counts: false);
    }

    /// <summary>Something did not reach an owner and is not kept for it: compare with it as soon as it can be reached.</summary>
    public void MarkDirty(NodeId owner)
    {
        if (owner != _node.Id)
            _dirty[owner] = _dirty.GetValueOrDefault(owner) + 1;
    }

    /// <summary>Once in a while: delivers to whom can be reached, and compares with those for whom something was given up.</summary>
    public void Tick()
    {
        Run(effects => _book.OnTick(_node.World.Now, _node.Ring, CanReach, effects));
        _node.Retirement.Try();
        foreach (var (owner, marks) in _dirty.Where(entry => CanReach(entry.Key)).ToArray())
            _node.ExchangeWith(owner, () => Clean(owner, marks));
    }

    /// <summary>An exchange shows what was held when it began: a mark that was made since stays, as it does in <see cref="ExchangeSchedule"/>.</summary>
    private void Clean(NodeId owner, int marks)
    {
        if (_dirty.GetValueOrDefault(owner) == marks)
            _dirty.Remove(owner);
    }

    /// <summary>Another node asks how many hints may come.</summary>
    public (int Hints, long Bytes) Grant(NodeId from, HintEffect.Ask ask) =>
        _admission.OnAsk(from, ask.Hints, ask.Bytes, ask.First, _node.World.Now);

    private bool CanReach(NodeId owner) => _node.World.CanReach(_node.Id, owner);

    private int BytesOf(BucketKey key) => 64 + (int)(_node.Disk.States.GetValueOrDefault(key)?.ValueBytes() ?? 0);

    private void Keep(NodeId owner, BucketKey key, bool counts) => Run(effects =>
        _book.TryKeep(new HintId(owner, Partition, key), BytesOf(key), counts, _node.World.Now, effects));

    private void Run(Action<List<HintEffect>> told)
    {
        var effects = new List<HintEffect>();
        told(effects);
        foreach (var effect in effects)
            Perform(effect);
    }

    private void Perform(HintEffect effect)
    {
        _node.World.Trace(_node.Id, () => $"hint: {effect}");
        switch (effect)
        {
            case HintEffect.Ask ask:
                _node.Ask<(int Hints, long Bytes)>(
                    ask.To,
                    (there, answer) => answer(there.GrantHints(_node.Id, ask)),
                    room => Run(then => _book.OnGranted(ask.To, room.Hints, room.Bytes, _node.Ring, CanReach, then)));
                _node.Later(TimeSpan.FromSeconds(3), () => _book.OnUnanswered(ask.To));
                break;
            case HintEffect.Deliver deliver:
                Deliver(deliver);
                break;
            case HintEffect.Remove remove:
                Remove(remove);
                break;
            case HintEffect.MarkDirty dirty:
                MarkDirty(dirty.Owner);
                break;
        }
    }

    private void Deliver(HintEffect.Deliver deliver)
    {
        var key = deliver.Hint.Key;
        if (_node.Disk.Damaged.Contains(key))
        {
            _book.OnUndelivered(deliver.Hint);
            return;
        }

        if (!_node.Disk.States.TryGetValue(key, out var set))
        {
            Run(then => _book.OnDelivered(deliver.Hint, deliver.Generation, then));
            return;
        }

        _sent[deliver.Hint] = set.Hash;
        _node.Ask<bool>(
            deliver.To,
            (there, answer) => there.Merge(_node.List.Epoch, key, set, null, (_, held) => answer(held is not null)),
            stored =>
            {
                if (stored && deliver.IsOnBehalf)
                    TellDirty(deliver);
                else if (stored)
                    Run(then => _book.OnDelivered(deliver.Hint, deliver.Generation, then));
            });
        _node.Later(TimeSpan.FromSeconds(5), () => _book.OnUndelivered(deliver.Hint));
    }

    private void TellDirty(HintEffect.Deliver deliver) => _node.Ask<bool>(
        deliver.To,
        (there, answer) =>
        {
            there.MarkDirty(deliver.Hint.Owner);
            answer(true);
        },
        _ => Run(then => _book.OnDelivered(deliver.Hint, deliver.Generation, then)));

    /// <summary>The copy goes, unless it is kept for somebody again.</summary>
    private void Drop(BucketKey key, ulong hash)
    {
        if (!_node.Disk.Hints.ContainsKey(key) && !_node.List.IsPrimary(_node.Id))
            _node.Tell((replica, then) => replica.OnDrop(CallId.None, replica.Fence, key, hash, ifRetired: true, _node.Time, then));
    }

    private void Remove(HintEffect.Remove remove)
    {
        var key = remove.Hint.Key;
        _node.Disk.RemoveHint(key, remove.Hint.Owner);
        if (remove.DropsCopy && !_node.List.IsPrimary(_node.Id) && _sent.TryGetValue(remove.Hint, out var hash))
            _node.Retirement.Before(() => Drop(key, hash));
        _sent.Remove(remove.Hint);
    }
}
