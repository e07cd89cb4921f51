using System.Collections.Immutable;
using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Core.Tests.Checking;
using KvStore.Core.Tests.Placement;

namespace KvStore.Core.Tests.Membership;

/// <summary>
/// Ring logs of six nodes, the first three of them members, with a bag of messages and timers from which a seed draws; nodes propose
/// rings of their own, among them rings with other members, and crash to what they had made durable.
/// </summary>
internal sealed class RingLogWorld
{
    private static readonly Ring First = Rings.Of(3, partitions: 64);

    private readonly Random _random;
    private readonly PlantedRingBugs _bugs;
    private readonly List<Action> _bag = [];
    private readonly List<Action> _timers = [];
    private readonly Dictionary<NodeId, RingLog> _logs = [];
    private readonly Dictionary<NodeId, (Ring? Ring, RingEpoch Slot, AcceptorState<Ring> Vote)> _disks = [];
    private readonly Dictionary<NodeId, uint> _starts = [];
    private readonly Dictionary<NodeId, RegisterCall> _underWay = [];
    private readonly List<RegisterCall> _settled = [];
    private readonly Dictionary<string, long> _numbers = new() { [Name(First)] = 0 };
    private long _now;
    private int _proposals;

    public RingLogWorld(int seed, PlantedRingBugs bugs)
    {
        _random = new Random(seed);
        _bugs = bugs;
        foreach (var node in Enumerable.Range(1, 6).Select(Rings.Node))
        {
            _disks[node] = (First.Contains(node) ? First : null, RingEpoch.None, AcceptorState<Ring>.Empty);
            Restart(node);
        }
    }

    /// <summary>Every ring that any node took for decided, by epoch.</summary>
    public Dictionary<RingEpoch, HashSet<string>> Decided { get; } = [];

    /// <summary>
    /// What the proposers saw: each proposal is a compare-and-set of the cluster's ring, from the one it was made on to the one it proposes;
    /// of unknown outcome if its node crashed, or heard of a later ring, first. One that lost has done nothing, and is not in it.
    /// </summary>
    public IEnumerable<RegisterCall> History => _settled.Concat(_underWay.Values);

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            _now++;
            if (_random.Next(40) == 0)
                Propose(_logs.Keys.ElementAt(_random.Next(_logs.Count)));
            else if (_random.Next(150) == 0)
                Restart(_logs.Keys.ElementAt(_random.Next(_logs.Count)));
            else
                Draw();
        }
    }

    private long Number(Ring ring) => _numbers.TryGetValue(Name(ring), out var known) ? known : _numbers[Name(ring)] = _numbers.Count;

    private static string Name(Ring ring) => string.Join(',', ring.Members.Select(member => member.Address));

    private void Restart(NodeId node)
    {
        var start = _starts[node] = _starts.GetValueOrDefault(node) + 1;
        var (ring, slot, vote) = _disks[node];
        var cluster = ring?.Cluster ?? ClusterId.None;
        var log = new RingLog(node, cluster, new BallotSource(node, start), new RegisterOptions()) { Bugs = _bugs };
        log.Recover(ring, slot, vote);
        _logs[node] = log;
        if (_underWay.Remove(node, out var lost))
            _settled.Add(lost);
    }

    private void Propose(NodeId node)
    {
        if (_logs[node].Current is not { } ring || !ring.Contains(node))
            return;
        var members = ring.Members.Select(
            member => member.Id == node ? member with { Address = $"proposal-{++_proposals}" } : member).ToList();
        var other = Rings.Node(4 + _random.Next(3));
        if (members.RemoveAll(member => member.Id == other) == 0)
            members.Add(RingMember.Of(other, "joined"));
        var next = new Ring(
            ring.Cluster, ring.Epoch.Next(), ring.Replicas, [.. members.OrderBy(member => member.Id)], ring.Owners);
        Call(node, (log, effects) =>
        {
            if (log.Propose(next, effects))
                _underWay[node] = RegisterCall.Swap(_now, RegisterCall.Never, Number(ring), Number(next));
        });
    }

    private void Draw()
    {
        var bag = _bag.Count == 0 || (_timers.Count > 0 && _random.Next(20) == 0) ? _timers : _bag;
        if (bag.Count == 0)
            return;
        var index = _random.Next(bag.Count);
        var action = bag[index];
        bag[index] = bag[^1];
        bag.RemoveAt(bag.Count - 1);
        action();
    }

    private void Call(NodeId node, Action<RingLog, List<RingLogEffect>> call)
    {
        var effects = new List<RingLogEffect>();
        call(_logs[node], effects);
        foreach (var effect in effects)
            Carry(node, effect);
    }

    private void Carry(NodeId node, RingLogEffect effect)
    {
        switch (effect)
        {
            case RingLogEffect.PersistVote vote:
                _disks[node] = (_disks[node].Ring, vote.Slot, vote.Vote);
                break;
            case RingLogEffect.PersistRing persist:
                _disks[node] = (persist.Ring, RingEpoch.None, AcceptorState<Ring>.Empty);
                break;
            case RingLogEffect.RingChanged changed:
                if (!Decided.TryGetValue(changed.Ring.Epoch, out var names))
                    Decided[changed.Ring.Epoch] = names = [];
                names.Add(Name(changed.Ring));
                break;
            case RingLogEffect.ProposalSettled settled:
                _underWay.Remove(node, out var proposal);
                if (settled.Fate == ProposalFate.Decided)
                    _settled.Add(proposal! with { Returned = _now });
                else if (settled.Fate == ProposalFate.Unknown)
                    _settled.Add(proposal!);
                break;
            case RingLogEffect.StartTimer timer:
                var start = _starts[node];
                _timers.Add(() => { if (_starts[node] == start) Call(node, (log, list) => log.OnTimer(timer.Number, list)); });
                break;
            case RingLogEffect.Send send when _random.Next(12) != 0:
                Deliver(node, send);
                if (_random.Next(20) == 0)
                    Deliver(node, send);
                break;
        }
    }

    private void Deliver(NodeId from, RingLogEffect.Send send) =>
        _bag.Add(() => Call(send.To, (log, list) => log.OnMessage(from, send.Message, (ulong)_random.Next(), list)));
}
