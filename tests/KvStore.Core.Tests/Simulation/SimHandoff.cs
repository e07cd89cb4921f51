using System.Collections.Immutable;
using KvStore.Core.Causality;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Replication;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// A node's part in a move, on either side of a stream: <see cref="HandoffReceiver"/> and <see cref="HandoffSender"/>, and what their
/// owner would do for them; and the drop of what is not the node's own any more.
/// </summary>
internal sealed class SimHandoff(SimNode node)
{
    private static readonly HandoffOptions Options = new() { BatchBytes = 1, Window = 2, Patience = TimeSpan.FromSeconds(3) };

    private readonly Dictionary<HandoffId, HandoffSender> _senders = [];
    private List<HandoffItem> _snapshot = [];
    private HandoffReceiver? _receiver;
    private HandoffEffect.Filled? _filled;

    /// <summary>A stand-in that has no hint for a copy has no reason to keep it.</summary>
    public void DropWhatIsNotOurs()
    {
        if (!node.List.IsPrimary(node.Id) && node.Disk.States.Keys.Any(key => !node.Disk.Hints.ContainsKey(key)))
            node.Retirement.Before(DropNow);
    }

    private void DropNow()
    {
        if (node.List.IsPrimary(node.Id))
            return;
        foreach (var (key, set) in node.Disk.States.Where(entry => !node.Disk.Hints.ContainsKey(entry.Key)).ToArray())
            node.Tell((replica, effects) => replica.OnDrop(CallId.None, replica.Fence, key, set.Hash, ifRetired: true, node.Time, effects));
    }

    /// <summary>Everything older than this epoch is refused and drained here.</summary>
    public void OnFenced(RingEpoch epoch)
    {
        var ring = node.World.Ring;
        node.World.After(node.World.Milliseconds(1, 50), () => ring.OnFenced(node.Id, epoch));
        if (!node.List.IsMoving)
            DropWhatIsNotOurs();
    }

    /// <summary>The director asks this node to fill itself; it asks again until it hears that it is full.</summary>
    public void FillFrom(NodeId source, RingEpoch epoch)
    {
        var handoff = new HandoffId(new PartitionId(0), source, node.Id, epoch);
        var tooEarly = node.World.Options.Bugs.HasFlag(PlantedBugs.FilledTooEarly) && node.Replica!.Meta.IsWhole;
        if (_filled?.Handoff == handoff || tooEarly)
            node.OnFilled(epoch, _filled?.Seen ?? VersionVector.Empty);
        else if (_receiver?.Handoff != handoff)
            Begin(handoff);
    }

    public void OnMessage(HandoffMessage message)
    {
        if (message.Handoff.Receiver == node.Id && _receiver?.Handoff == message.Handoff)
            Receive(list => _receiver.OnMessage(message, list));
        else if (message.Handoff.Source == node.Id)
            Send(SenderOf(message.Handoff), (sender, list) => sender.OnMessage(message, list));
    }

    private ulong Next() => (ulong)node.World.Random.NextInt64();

    private void Begin(HandoffId handoff)
    {
        _receiver = new HandoffReceiver(handoff, node.Disk.ProgressOf(handoff), Options) { Bugs = node.World.Options.RingBugs };
        Receive(list => _receiver.Start(Next(), list));
    }

    private HandoffSender SenderOf(HandoffId handoff) =>
        _senders.TryGetValue(handoff, out var sender) ? sender : _senders[handoff] = new HandoffSender(handoff, Options);

    private void Receive(Action<List<HandoffEffect>> call)
    {
        var receiver = _receiver!;
        var effects = new List<HandoffEffect>();
        call(effects);
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case HandoffEffect.Send send:
                    node.World.Send(node.Id, send.To, there => there.OnHandoff(send.Message));
                    break;
                case HandoffEffect.Store store:
                    Store(receiver, receiver.Session, store);
                    break;
                case HandoffEffect.Filled filled:
                    _filled = filled;
                    node.OnFilled(filled.Handoff.Epoch, filled.Seen);
                    break;
                case HandoffEffect.StartTimer timer:
                    node.Later(timer.Delay, () =>
                    {
                        if (_receiver == receiver)
                            Receive(list => receiver.OnTimer(timer.Number, Next(), list));
                    });
                    break;
            }
        }
    }

    /// <summary>A batch that is refused ends the stream, which then begins again from the disk.</summary>
    private void Store(HandoffReceiver receiver, ulong session, HandoffEffect.Store store)
    {
        var items = store.Items.Select(item => (item.Key, Set: item.Siblings!)).ToList();
        items.AddRange(node.Disk.States.Keys.Where(key => store.Spans(key) && !store.Items.Any(item => item.Key == key)).Order()
            .Select(key => (key, SiblingSet.Empty)));
        var waiting = items.Count + 1;
        void Done(bool stored)
        {
            if (_receiver != receiver || receiver.Session != session)
                return;
            if (!stored)
                _receiver = null;
            else if (--waiting == 0)
                OnStored(receiver, session, store);
        }

        foreach (var (key, set) in items)
            node.Streamed(receiver.Handoff.Epoch, key, set, store.Seen, Done);
        node.Later(TimeSpan.Zero, () => Done(stored: true));
    }

    private void OnStored(HandoffReceiver receiver, ulong session, HandoffEffect.Store store)
    {
        node.Disk.SaveProgress(store.Handoff, store.Progress);
        node.SyncNow();
        Receive(list => receiver.OnStored(session, store.Number, store.Progress, list));
    }

    private void Send(HandoffSender sender, Action<HandoffSender, List<HandoffEffect>> call)
    {
        var effects = new List<HandoffEffect>();
        call(sender, effects);
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case HandoffEffect.Send send:
                    node.World.Send(node.Id, send.To, there => there.OnHandoff(send.Message));
                    break;
                case HandoffEffect.TakeSnapshot take:
                    TakeSnapshot(sender, take);
                    break;
                case HandoffEffect.Read read:
                    var rest = _snapshot.Where(item => read.After is not { } after || item.Key > after).ToList();
                    ImmutableArray<HandoffItem> items = [.. rest.Take(read.Bytes)];
                    node.Later(node.World.Milliseconds(0, 5), () =>
                        Send(sender, (told, list) => told.OnRead(read.Turn, items, rest.Count <= read.Bytes, list)));
                    break;
            }
        }
    }

    /// <summary>A whole replica that has fenced the epoch is what may be copied; until then the receiver waits.</summary>
    private void TakeSnapshot(HandoffSender sender, HandoffEffect.TakeSnapshot take)
    {
        var replica = node.Replica!;
        var isFenced = replica.ConfirmedFence >= take.Handoff.Epoch || node.World.Options.RingBugs.HasFlag(PlantedRingBugs.SnapshotBeforeFence);
        if (!isFenced || !replica.Meta.IsWhole || node.Disk.Damaged.Count > 0)
        {
            node.Later(TimeSpan.FromMilliseconds(500), () => TakeSnapshot(sender, take));
            return;
        }

        _snapshot = [.. node.Disk.States.OrderBy(entry => entry.Key).Select(entry => HandoffItem.Of(entry.Key, entry.Value))];
        var seen = replica.Meta.Watermarks.Join(replica.Origins);
        Send(sender, (told, list) => told.OnSnapshot(take.Turn, seen, list));
    }
}
