using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// The agreed ring as the nodes would agree on it: an oracle that holds the newest epoch and lets a partition move in its three
/// steps, each only when every old and new owner has fenced and drained the one before, and the new one is full. Nodes learn of
/// a new epoch by messages, each in its own time.
/// </summary>
internal sealed class SimRing
{
    private readonly SimWorld _world;
    private readonly HashSet<NodeId> _fenced = [];
    private NodeId[] _order;
    private NodeId[] _nextOrder;
    private MovePhase _phase;
    private NodeId _leaver;
    private NodeId _joiner;
    private bool _filled;

    public SimRing(SimWorld world, IEnumerable<NodeId> members)
    {
        _world = world;
        Members = [.. members];
        _order = _nextOrder = Members;
        List = Make(1);
    }

    public NodeId[] Members { get; }

    /// <summary>The newest preference list.</summary>
    public PreferenceList List { get; private set; }

    public bool IsMoving => _phase != MovePhase.None;

    /// <summary>One owner hands its place to a fallback.</summary>
    public void BeginMove()
    {
        if (IsMoving || Members.Length < 4 || _world.Healed)
            return;
        var place = _world.Random.Next(3);
        var other = _world.Random.Next(3, Members.Length);
        (_leaver, _joiner) = (_order[place], _order[other]);
        _nextOrder = [.. _order];
        (_nextOrder[place], _nextOrder[other]) = (_joiner, _leaver);
        _filled = false;
        Advance(MovePhase.WriteBothReadOld);
    }

    /// <summary>An owner has fenced and drained everything older than an epoch.</summary>
    public void OnFenced(NodeId node, RingEpoch epoch)
    {
        if (epoch != List.Epoch)
            return;
        _fenced.Add(node);
        MaybeAdvance();
    }

    /// <summary>The joiner stores everything that its source held.</summary>
    public void OnFilled(NodeId node, RingEpoch epoch)
    {
        if (_phase != MovePhase.WriteBothReadOld || node != _joiner || epoch != List.Epoch)
            return;
        _filled = true;
        MaybeAdvance();
    }

    /// <summary>Whether this node is to fill the joiner now, and whom.</summary>
    public bool IsSource(NodeId node, out NodeId joiner)
    {
        joiner = _joiner;
        return _phase == MovePhase.WriteBothReadOld && node == _leaver && !_filled;
    }

    private void MaybeAdvance()
    {
        if (!List.WriteTargets.All(_fenced.Contains))
            return;
        if (_phase == MovePhase.WriteBothReadOld && _filled)
            Advance(MovePhase.WriteBothReadNew);
        else if (_phase == MovePhase.WriteBothReadNew)
            Advance(MovePhase.Done);
        else if (_phase == MovePhase.Done)
            (_phase, _order) = (MovePhase.None, _nextOrder);
    }

    private void Advance(MovePhase phase)
    {
        _phase = phase;
        _fenced.Clear();
        List = Make(List.Epoch.Number + 1);
        foreach (var node in _world.Nodes)
            _world.After(_world.Milliseconds(1, 2_000), node.LearnRing);
    }

    private PreferenceList Make(ulong epoch) =>
        new(new RingEpoch(1, epoch), new PartitionId(0), 3, _phase, [.. _order], [.. _nextOrder]);
}
