using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// One client operation that wrote: its id names its value, and its past are the writes that its client had read.
/// </summary>
internal sealed record WriteRecord(RequestId Id, BucketKey Key, bool IsDelete, HashSet<RequestId> Past, TimeSpan Started)
{
    public TimeSpan? Acked { get; set; }

    public bool NotDone { get; set; }

    /// <summary>Some try of it may have been applied.</summary>
    public bool MaybeDone { get; set; }

    /// <summary>The nodes that gave it a dot.</summary>
    public HashSet<NodeId> Minters { get; } = [];

    public bool MintedBy(NodeId node) => Minters.Contains(node);
}

/// <summary>One read that was answered.</summary>
internal sealed record ReadRecord(
    BucketKey Key, TimeSpan Started, TimeSpan Ended, bool Strict, bool Monotonic, bool Final, HashSet<RequestId> Seen, HashSet<RequestId> Shown);

/// <summary>What the clients did and saw, and every dot that was ever stored.</summary>
internal sealed class History
{
    private readonly Dictionary<Dot, RequestId> _dots = [];
    private readonly Dictionary<RequestId, HashSet<(NodeId Node, int Life)>> _minters = [];

    public Dictionary<RequestId, WriteRecord> Writes { get; } = [];

    public List<ReadRecord> Reads { get; } = [];

    public List<string> Violations { get; } = [];

    /// <summary>Something is being stored: no dot names two writes, and nothing is stored that nobody wrote.</summary>
    public void OnStored(SimNode node, BucketKey key, SiblingSet set)
    {
        foreach (var sibling in set.Siblings)
        {
            if (_dots.TryAdd(sibling.Dot, sibling.Request))
                (_minters.TryGetValue(sibling.Request, out var minters) ? minters : _minters[sibling.Request] = []).Add((node.Id, node.Life));
            else if (_dots[sibling.Dot] != sibling.Request)
                Violations.Add($"I5: dot {sibling.Dot} names {_dots[sibling.Dot]} and {sibling.Request}");
            if (!Writes.TryGetValue(sibling.Request, out var write) || write.Key != key)
                Violations.Add($"I2: {sibling} was never written to {key}");
            else if (!sibling.IsTombstone && BitConverter.ToUInt64(sibling.Value.Span) != sibling.Request.Sequence)
                Violations.Add($"I2: {sibling} does not carry what {sibling.Request} wrote");
        }
    }

    public void OnRead(BucketKey key, TimeSpan started, TimeSpan ended, SimOptions options, bool final, GetOutcome outcome)
    {
        var seen = outcome.State.Siblings.ToArray().Select(sibling => sibling.Request).ToHashSet();
        var shown = SiblingView.Shown(outcome.State, ConflictPolicy.Siblings, 0).Select(sibling => sibling.Request).ToHashSet();
        Reads.Add(new ReadRecord(key, started, ended, options.Strict || final, options.Monotonic, final, seen, shown));
    }

    /// <summary>
    /// Whether retries of one write were minted by more than one process, none of which remembered the other's: a client that
    /// then
    /// supersedes the one it has read leaves the other, as it does with any write that it has not seen.
    /// </summary>
    public bool WasMintedApart(RequestId id) => _minters.TryGetValue(id, out var minters) && minters.Count > 1;

    /// <summary>Everything that a client knows which has seen these.</summary>
    public HashSet<RequestId> Closure(IEnumerable<RequestId> seen)
    {
        var past = new HashSet<RequestId>();
        foreach (var id in seen)
        {
            past.Add(id);
            if (Writes.TryGetValue(id, out var write))
                past.UnionWith(write.Past);
        }

        return past;
    }
}
