using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.Membership;

/// <summary>Gossip tables of n nodes, ticked once a second at moments of their own, over a line that loses a part of the messages.</summary>
public sealed class GossipWorld
{
    private readonly Random _random;
    private readonly double _loss;
    private readonly Dictionary<NodeId, GossipTable> _tables = [];
    private readonly HashSet<NodeId> _dead = [];
    private readonly PriorityQueue<(NodeId Node, Action Do), TimeSpan> _events = new();

    public GossipWorld(int nodes, int seed, double loss)
    {
        _random = new Random(seed);
        _loss = loss;
        var ids = Enumerable.Range(1, nodes).Select(number => new NodeId(0x60, (ulong)number)).ToList();
        var cluster = new ClusterId(6, 6);
        var ring = new Ring(
            cluster, RingEpoch.First, 3, [.. ids.Select(id => RingMember.Of(id, "a"))], [.. Enumerable.Repeat(ids[0], 64)]);
        foreach (var id in ids)
        {
            var own = new Heartbeat(id, 1, 0, $"{id.Low}:4053", RingEpoch.None, 0, []);
            _tables[id] = new GossipTable(own, new GossipOptions(), new BreakerOptions());
            _tables[id].OnRing(ring, TimeSpan.Zero);
            Schedule(id, TimeSpan.FromMilliseconds(_random.Next(1_000)), () => Beat(id));
        }
    }

    public TimeSpan Now { get; private set; }

    /// <summary>Messages sent so far, and the heartbeats and digests in them.</summary>
    public (long Messages, long Heartbeats, long Digests) Traffic { get; private set; }

    public IEnumerable<NodeId> Nodes => _tables.Keys;

    public IReadOnlyDictionary<NodeId, GossipTable> Tables => _tables;

    public void RunUntil(TimeSpan end)
    {
        while (_events.TryPeek(out _, out var due) && due <= end)
        {
            var (node, action) = _events.Dequeue();
            Now = due;
            if (!_dead.Contains(node))
                action();
        }

        Now = end;
    }

    public void Kill(NodeId node) => _dead.Add(node);

    /// <summary>Of the living: how many suspect the node.</summary>
    public int Suspecting(NodeId node) =>
        _tables.Count(entry => !_dead.Contains(entry.Key) && !entry.Value.Reachability.IsReachable(node));

    /// <summary>How many suspicions the living hold of the living.</summary>
    public int FalseSuspicions() =>
        _tables.Where(entry => !_dead.Contains(entry.Key)).Sum(entry => entry.Value.Reachability.Unreachable.Count(node => !_dead.Contains(node)));

    private void Beat(NodeId node)
    {
        Call(node, (table, effects) => table.OnTick(Now, (ulong)_random.NextInt64(), effects));
        Schedule(node, Now + TimeSpan.FromMilliseconds(980 + _random.Next(40)), () => Beat(node));
    }

    private void Call(NodeId node, Action<GossipTable, List<GossipEffect>> call)
    {
        var effects = new List<GossipEffect>();
        call(_tables[node], effects);
        foreach (var send in effects.OfType<GossipEffect.Send>())
        {
            Count(send.Message);
            if (_random.NextDouble() < _loss)
                continue;
            var delay = TimeSpan.FromMilliseconds(1 + _random.Next(20));
            Schedule(send.To, Now + delay, () => Call(send.To, (table, list) => table.OnMessage(node, send.Message, Now, list)));
        }
    }

    private void Count(GossipMessage message)
    {
        var (messages, heartbeats, digests) = Traffic;
        Traffic = message switch
        {
            GossipMessage.Offer offer => (messages + 1, heartbeats, digests + offer.Digests.Length),
            GossipMessage.Exchange exchange => (messages + 1, heartbeats + exchange.Newer.Length, digests + exchange.Wanted.Length),
            GossipMessage.Rest rest => (messages + 1, heartbeats + rest.Newer.Length, digests),
            _ => Traffic,
        };
    }

    private void Schedule(NodeId node, TimeSpan due, Action action) => _events.Enqueue((node, action), due);
}
