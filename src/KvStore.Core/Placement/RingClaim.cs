using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>
/// Gives partitions to owners: from those who own more than their target to those who own less, and nothing else. Which partition goes
/// to whom is chosen so that the same node, and then the same rack, does not come twice within a window of N neighbours: a walk
/// from any partition then needs no skipping, and replicas are as even as owners.
/// <para>Deterministic: the same input gives the same owners on every node.</para>
/// </summary>
internal sealed class RingClaim
{
    private readonly NodeId[] _owners;
    private readonly int _window;
    private readonly int _rackWindow;
    private readonly Dictionary<NodeId, string> _racks;
    private readonly Dictionary<NodeId, int> _surplus;

    private RingClaim(NodeId[] owners, IReadOnlyList<RingMember> members, int replicas, Dictionary<NodeId, int> targets)
    {
        _owners = owners;
        _racks = members.ToDictionary(member => member.Id, member => member.Rack);
        _window = Math.Min(replicas, targets.Count) - 1;
        _rackWindow = Math.Min(replicas, targets.Keys.Select(node => _racks[node]).Distinct().Count()) - 1;
        _surplus = targets.ToDictionary(target => target.Key, target => -target.Value);
        foreach (var owner in owners.Where(owner => !owner.IsNone))
            _surplus[owner] = _surplus.GetValueOrDefault(owner) + 1;
    }

    /// <summary>The owners that meet the targets; a partition without an owner yet has <see cref="NodeId.None"/>.</summary>
    public static ImmutableArray<NodeId> Claim(
        ImmutableArray<NodeId> owners, IReadOnlyList<RingMember> members, int replicas, Dictionary<NodeId, int> targets)
    {
        var claim = new RingClaim([.. owners], members, replicas, targets);
        claim.Fill();
        claim.Level();
        return [.. claim._owners];
    }

    /// <summary>Partitions that nobody owns, in ring order: each to the taker that is furthest behind and fits there.</summary>
    private void Fill()
    {
        var takers = Takers();
        if (takers.Count == 0)
            return;
        var targets = takers.ToDictionary(node => node, node => -_surplus[node]);
        for (var place = 0; place < _owners.Length; place++)
        {
            if (!_owners[place].IsNone)
                continue;
            var done = place + 1;
            var best = takers
                .Where(node => _surplus[node] < 0)
                .OrderBy(node => Clashes(place, node))
                .ThenByDescending(node => (long)targets[node] * done - (long)(targets[node] + _surplus[node]) * _owners.Length)
                .ThenBy(node => node)
                .First();
            Give(place, best);
        }
    }

    /// <summary>Partitions of those who own too many, to those who own too few: the taker furthest behind chooses first.</summary>
    private void Level()
    {
        for (var takers = Takers(); takers.Count > 0; takers.RemoveAll(node => _surplus[node] == 0))
        {
            foreach (var taker in takers)
                Give(BestPlace(taker), taker);
        }
    }

    private int BestPlace(NodeId taker)
    {
        var best = -1;
        var bestScore = (Clashes: int.MaxValue, Surplus: int.MinValue);
        for (var place = 0; place < _owners.Length; place++)
        {
            var surplus = _surplus[_owners[place]];
            if (surplus <= 0)
                continue;
            var score = (Clashes: Clashes(place, taker), Surplus: surplus);
            if (score.Clashes > bestScore.Clashes || (score.Clashes == bestScore.Clashes && score.Surplus <= bestScore.Surplus))
                continue;
            best = place;
            bestScore = score;
        }

        Invariant.Check(best >= 0, "surpluses and deficits add up to nothing");
        return best;
    }

    /// <summary>How badly the node fits there: its own partitions within the window weigh more than those of its rack.</summary>
    private int Clashes(int place, NodeId node)
    {
        var clashes = 0;
        for (var distance = 1; distance <= _window; distance++)
        {
            clashes += ClashesAt(place + distance, distance, node);
            clashes += ClashesAt(place - distance, distance, node);
        }

        return clashes;
    }

    private int ClashesAt(int place, int distance, NodeId node)
    {
        var other = _owners[(place + _owners.Length) % _owners.Length];
        if (other.IsNone)
            return 0;
        if (other == node)
            return 16;
        return distance <= _rackWindow && _racks[other] == _racks[node] ? 1 : 0;
    }

    private void Give(int place, NodeId taker)
    {
        if (!_owners[place].IsNone)
            _surplus[_owners[place]]--;
        _owners[place] = taker;
        _surplus[taker]++;
    }

    private List<NodeId> Takers() =>
        [.. _surplus.Where(entry => entry.Value < 0).OrderBy(entry => entry.Value).ThenBy(entry => entry.Key).Select(entry => entry.Key)];
}
