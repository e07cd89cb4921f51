using System.Collections.Immutable;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Coordination;

/// <summary>
/// One page of a walk over the keys of a bucket: asks the owners of the partition that can be reached, takes from their pages what all of them
/// cover, and says of each key whether they agree on it. Owned by one driver; not thread-safe.
/// <para>Invariants: (1) exactly one Reply; (2) Done only with R pages of distinct owners; (3) no key that any of them has between where the walk
/// stood and where it goes on is left out.</para>
/// </summary>
/// <param name="plan">Who owns the partition.</param>
/// <param name="bucket">Whose keys.</param>
/// <param name="partitionCount">Q.</param>
/// <param name="needed">How many owners have to answer: R.</param>
/// <param name="isReachable">This node's opinion of who can be reached now.</param>
public sealed class ListOperation(
    PreferenceList plan, BucketName bucket, int partitionCount, int needed, Func<NodeId, bool> isReachable)
{
    private readonly HashSet<NodeId> _asked = [];
    private readonly Dictionary<NodeId, KeyPage> _pages = [];
    private bool _isSlow;
    private bool _replied;

    /// <summary>Begins: asks the owners, or answers at once when too few can be reached.</summary>
    public void Start(List<ListEffect> effects)
    {
        foreach (var node in plan.Primaries.Where(isReachable))
        {
            _asked.Add(node);
            effects.Add(new ListEffect.Ask(node));
        }

        Decide(effects);
    }

    /// <summary>An owner has answered.</summary>
    public void OnPage(NodeId from, KeyPage page, List<ListEffect> effects)
    {
        if (!_asked.Remove(from))
            return;
        _pages.Add(from, page);
        Decide(effects);
    }

    /// <summary>An owner cannot answer, or could not be reached.</summary>
    public void OnRefused(NodeId from, List<ListEffect> effects)
    {
        _asked.Remove(from);
        Decide(effects);
    }

    /// <summary>Some are slow: enough of the others will do.</summary>
    public void OnSlow(List<ListEffect> effects)
    {
        _isSlow = true;
        Decide(effects);
    }

    /// <summary>The deadline has passed.</summary>
    public void OnTimeout(List<ListEffect> effects) => Reply(new ListOutcome(GetResult.Timeout, [], null), effects);

    private void Decide(List<ListEffect> effects)
    {
        if (_pages.Count >= needed && (_isSlow || _asked.Count == 0))
            Reply(Merged(), effects);
        else if (_pages.Count + _asked.Count < needed)
            Reply(new ListOutcome(GetResult.QuorumImpossible, [], null), effects);
    }

    private ListOutcome Merged()
    {
        ScanPosition? next = null;
        foreach (var page in _pages.Values)
        {
            if (page.Next is { } stops && (next is null || stops < next))
                next = stops;
        }

        var counts = new Dictionary<Key, int>();
        foreach (var key in _pages.Values.SelectMany(page => page.Keys))
        {
            if (next is null || ScanPosition.Of(new BucketKey(bucket, key)) < next)
                counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        var keys = counts.OrderBy(entry => Token.Of(new BucketKey(bucket, entry.Key)))
            .Select(entry => new ListedKey(entry.Key, entry.Value == _pages.Count))
            .ToImmutableArray();
        return new ListOutcome(GetResult.Done, keys, next ?? NextPartition());
    }

    private ScanPosition? NextPartition() => plan.Partition.Value + 1 == partitionCount
        ? null
        : ScanPosition.Of(new PartitionId(plan.Partition.Value + 1), partitionCount);

    private void Reply(ListOutcome outcome, List<ListEffect> effects)
    {
        if (_replied)
            return;
        _replied = true;
        effects.Add(new ListEffect.Reply(outcome));
    }
}
