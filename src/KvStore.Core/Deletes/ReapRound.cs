using KvStore.Core.AntiEntropy;
using KvStore.Core.Identity;

namespace KvStore.Core.Deletes;

/// <summary>
/// One round of forgetting deleted keys: an owner proposes tombstones that are below its watermarks, every other owner, old
/// and new while the partition moves, says which it holds in the same state and below its own, and what all agree to is
/// removed everywhere. Every replica runs its own rounds; two at once do no harm. Owned by one driver; not thread-safe.
/// <para>Invariants: (1) a key is removed only when every owner agreed to this very state; (2) each removal is conditional on
/// that
/// state still being held (Replica.OnReap); (3) a round that any owner does not answer removes nothing.</para>
/// <para>Why no grace time: whoever removed the key still refuses any late copy of what it knew, for its watermarks cover it.
/// After the tombstone handling of Riak's reaper and ScyllaDB's repair-based collection, with watermarks for their clocks.</para>
/// </summary>
public sealed class ReapRound
{
    private readonly RingEpoch _epoch;
    private readonly IReadOnlyList<NodeId> _others;
    private readonly Dictionary<BucketKey, ulong> _agreed;
    private readonly HashSet<NodeId> _answered = [];
    private bool _ended;

    /// <param name="epoch">The ring that names the owners.</param>
    /// <param name="others">The other owners of the partition, old and new.</param>
    /// <param name="candidates">Keys that the own replica may forget (Replica.CanReap), each with its state's hash.</param>
    public ReapRound(RingEpoch epoch, IEnumerable<NodeId> others, IEnumerable<KeyHash> candidates) =>
        (_epoch, _others, _agreed) = (epoch, [.. others], candidates.ToDictionary(entry => entry.Key, entry => entry.Hash));

    /// <summary>Defects that tests switch on.</summary>
    internal PlantedBugs Bugs { get; init; }

    /// <summary>Begins: asks every other owner.</summary>
    public void Start(List<ReapEffect> effects)
    {
        if (_agreed.Count == 0)
        {
            End(effects);
            return;
        }

        foreach (var node in _others)
            effects.Add(new ReapEffect.Ask(node, _epoch, Agreed()));
        Decide(effects);
    }

    /// <summary>An owner answered: these it may forget too, in the same state.</summary>
    public void OnAgreed(NodeId from, IReadOnlyCollection<BucketKey> keys, List<ReapEffect> effects)
    {
        if (_ended || !_others.Contains(from) || !_answered.Add(from))
            return;
        var agreed = keys.ToHashSet();
        foreach (var key in _agreed.Keys.Where(key => !agreed.Contains(key)).ToArray())
            _agreed.Remove(key);
        Decide(effects);
    }

    /// <summary>An owner refused, cannot be reached, or is overdue: nothing is removed this time.</summary>
    public void OnFailed(List<ReapEffect> effects)
    {
        if (_ended)
            return;
        _agreed.Clear();
        End(effects);
    }

    private void Decide(List<ReapEffect> effects)
    {
        var needed = (Bugs & PlantedBugs.TombstoneReapedEarly) != 0 ? Math.Min(1, _others.Count) : _others.Count;
        if (_agreed.Count > 0 && _answered.Count < needed)
            return;
        if (_agreed.Count > 0)
        {
            effects.Add(new ReapEffect.Reap(Agreed()));
            foreach (var node in _others)
                effects.Add(new ReapEffect.Commit(node, _epoch, Agreed()));
        }

        End(effects);
    }

    private KeyHash[] Agreed() => [.. _agreed.OrderBy(entry => entry.Key).Select(entry => new KeyHash(entry.Key, entry.Value))];

    private void End(List<ReapEffect> effects)
    {
        _ended = true;
        effects.Add(new ReapEffect.End(_agreed.Count));
    }
}
