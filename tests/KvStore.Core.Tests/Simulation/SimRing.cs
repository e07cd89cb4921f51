using System.Collections.Immutable;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// The agreed ring as the nodes would agree on it: an oracle that holds the newest epoch, and the <see cref="MoveDirector"/> that takes
/// the one simulated partition through its three steps. Nodes learn of a new epoch by messages, each in its own time; the ring
/// log itself has a world of its own.
/// </summary>
internal sealed class SimRing
{
    private static readonly PartitionId Partition = new(0);

    private readonly SimWorld _world;
    private readonly MoveDirector _director;
    private NodeId[] _order;
    private Ring _ring;
    private bool _isTicking;
    private (NodeId Joiner, RingEpoch Epoch) _filling;

    public SimRing(SimWorld world, IEnumerable<NodeId> members)
    {
        _world = world;
        Members = [.. members];
        _order = Members;
        _director = new MoveDirector(new MoveOptions()) { Bugs = world.Options.RingBugs };
        _ring = Make(RingEpoch.First, _order, MovePhase.None);
        List = _ring.PreferenceList(Partition, 3);
    }

    public NodeId[] Members { get; }

    /// <summary>The newest preference list.</summary>
    public PreferenceList List { get; private set; }

    public Ring Current => _ring;

    public bool IsMoving => _ring.IsChanging;

    /// <summary>One owner hands its place to a fallback.</summary>
    public void BeginMove()
    {
        if (IsMoving || Members.Length < 4 || _world.Healed)
            return;
        var place = _world.Random.Next(3);
        var other = _world.Random.Next(3, Members.Length);
        var next = _order.ToArray();
        (next[place], next[other]) = (_order[other], _order[place]);
        Decide(Make(_ring.Epoch.Next(), next, MovePhase.Waiting));
        _order = next;
        if (!_isTicking)
            Tick();
    }

    /// <summary>An owner has fenced and drained everything older than an epoch.</summary>
    public void OnFenced(NodeId node, RingEpoch epoch) =>
        Direct(effects => _director.OnFenced(node, Partition, epoch, IsLive, effects));

    /// <summary>An old owner has written its strong key back.</summary>
    public void OnReaffirmed(NodeId node, RingEpoch epoch)
    {
        Direct(effects => _director.OnReaffirmed(node, Partition, epoch, IsLive, effects));
    }

    /// <summary>The joiner stores everything that its source held.</summary>
    public void OnFilled(NodeId node, RingEpoch epoch)
    {
        if ((node, epoch) == _filling)
            Direct(effects => _director.OnFilled(node, Partition, epoch, IsLive, effects));
    }

    private void Tick()
    {
        _isTicking = IsMoving;
        if (!IsMoving)
            return;
        Direct(effects => _director.OnTick(IsLive, effects));
        _world.After(TimeSpan.FromSeconds(1), Tick);
    }

    private bool IsLive(NodeId node) => _world.Node(node).IsUp;

    private void Direct(Action<List<MoveEffect>> told)
    {
        var effects = new List<MoveEffect>();
        told(effects);
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case MoveEffect.Propose propose:
                    _world.After(_world.Milliseconds(1, 30), () => Decide(propose.Ring));
                    break;
                case MoveEffect.AskFence fence:
                    _world.After(_world.Milliseconds(1, 2_000), _world.Node(fence.Owner).LearnRing);
                    break;
                case MoveEffect.AskFill fill:
                    AskFill(fill);
                    break;
                case MoveEffect.AskReaffirm reaffirm:
                    _world.After(_world.Milliseconds(1, 50), () => _world.Node(reaffirm.Owner).Reaffirm(reaffirm.Epoch));
                    break;
            }
        }
    }

    private void AskFill(MoveEffect.AskFill fill)
    {
        _filling = (fill.Fill.Receiver, fill.Epoch);
        foreach (var source in fill.Fill.Sources)
            _world.After(_world.Milliseconds(1, 50), () => _world.Node(fill.Fill.Receiver).FillFrom(source, fill.Epoch));
    }

    private void Decide(Ring ring)
    {
        if (ring.Epoch != _ring.Epoch.Next())
            return;
        _ring = ring;
        List = ring.PreferenceList(Partition, 3);
        foreach (var node in _world.Nodes)
            _world.After(_world.Milliseconds(1, List.IsPrimary(node.Id) ? 2_000 : _world.Options.RingLag), node.LearnRing);
        Direct(effects => _director.OnRing(ring, IsLive, effects));
    }

    /// <summary>Every place on the ring is given out in the same order, so that a walk from the first one finds that order.</summary>
    private Ring Make(RingEpoch epoch, NodeId[] next, MovePhase phase)
    {
        ImmutableArray<RingMember> members = [.. Members.Order().Select(id => RingMember.Of(id, "node"))];
        var phases = new MovePhase[Ring.MinPartitions];
        phases[Partition.Value] = phase;
        return new Ring(new ClusterId(7, 7), epoch, 3, members, Around(_order), Around(next), [.. phases]);
    }

    private static ImmutableArray<NodeId> Around(NodeId[] order) =>
        [.. Enumerable.Range(0, Ring.MinPartitions).Select(place => order[place % order.Length])];
}
