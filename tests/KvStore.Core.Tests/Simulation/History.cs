using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Tests.Checking;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// One client operation that wrote: its id names its value, and its past are the writes that its client had read.
/// </summary>
internal sealed record WriteRecord(RequestId Id, BucketKey Key, bool IsDelete, HashSet<RequestId> Past, TimeSpan Started)
{
    /// <summary>What its client had read: the events that it replaces wherever it comes.</summary>
    public VersionVector Context { get; init; } = VersionVector.Empty;

    /// <summary>
    /// Whether it supersedes what its coordinating replica holds, seen by its client or not: that is added to its past when it
    /// is minted.
    /// </summary>
    public bool Supersedes { get; init; }

    /// <summary>Each dot that it was given, by which process, with the replica's state after it.</summary>
    public List<(Dot Dot, (NodeId Node, int Life) By, SiblingSet After)> Mints { get; } = [];

    /// <summary>When it expires, in milliseconds; 0 for never.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>Whether it says, or has come to say, that the key is not there.</summary>
    public bool IsDeadAt(TimeSpan now) => IsDelete || (ExpiresAt != 0 && ExpiresAt <= now.TotalMilliseconds);

    public TimeSpan? Acked { get; set; }

    public bool NotDone { get; set; }

    /// <summary>Some try of it may have been applied.</summary>
    public bool MaybeDone { get; set; }

    /// <summary>The nodes that gave it a dot.</summary>
    public HashSet<NodeId> Minters { get; } = [];

    public bool MintedBy(NodeId node) => Minters.Contains(node);

    /// <summary>
    /// Whether it replaced the version with this dot in a state that knows these events. A retry minted by a process that had not seen the
    /// first try replaces what is there, and not what was elsewhere: so each of several dots answers for itself, once a state has it.
    /// </summary>
    public bool HasReplaced(Dot dot, VersionVector known) =>
        Context.Covers(dot) || (Supersedes && Mints.Any(mint => (Mints.Count == 1 || known.Covers(mint.Dot)) && IsGone(dot, mint.After)));

    /// <summary>Whether a state has had this version, and has it no more.</summary>
    public static bool IsGone(Dot dot, SiblingSet from) => from.Context.Covers(dot) && !from.Contains(dot);
}

/// <summary>One read that was answered.</summary>
internal sealed record ReadRecord(
    BucketKey Key, TimeSpan Started, TimeSpan Ended, bool Strict, bool Monotonic, bool Final, SiblingSet State, HashSet<RequestId> Shown)
{
    public HashSet<RequestId> Seen { get; } = State.Siblings.ToArray().Select(sibling => sibling.Request).ToHashSet();
}

/// <summary>What the clients did and saw, and every dot that was ever stored.</summary>
internal sealed class History
{
    private readonly Dictionary<Dot, RequestId> _dots = [];
    private readonly Dictionary<(NodeId Node, BucketKey Key), HashSet<Dot>> _reached = [];

    public Dictionary<RequestId, WriteRecord> Writes { get; } = [];

    public List<ReadRecord> Reads { get; } = [];

    public List<string> Violations { get; } = [];

    /// <summary>What the clients of the strong key did and saw.</summary>
    public List<RegisterCall> Registers { get; } = [];

    /// <summary>Something is being stored: no dot names two writes, and nothing is stored that nobody wrote.</summary>
    public void OnStored(BucketKey key, SiblingSet set)
    {
        foreach (var sibling in set.Siblings)
        {
            if (!_dots.TryAdd(sibling.Dot, sibling.Request) && _dots[sibling.Dot] != sibling.Request)
                Violations.Add($"I5: dot {sibling.Dot} names {_dots[sibling.Dot]} and {sibling.Request}");
            if (!Writes.TryGetValue(sibling.Request, out var write) || write.Key != key)
                Violations.Add($"I2: {sibling} was never written to {key}");
            else if (!sibling.IsTombstone && write.ExpiresAt == 0 && BitConverter.ToUInt64(sibling.Value.Span) != sibling.Request.Sequence)
                Violations.Add($"I2: {sibling} does not carry what {sibling.Request} wrote");
        }
    }

    public void OnRead(BucketKey key, TimeSpan started, TimeSpan ended, SimOptions options, bool final, GetOutcome outcome)
    {
        var shown = SiblingView.Shown(outcome.State, options.Policy, (long)ended.TotalMilliseconds)
            .Select(sibling => sibling.Request).ToHashSet();
        Reads.Add(new ReadRecord(key, started, ended, options.Strict || final, options.Monotonic, final, outcome.State, shown));
    }

    /// <summary>A state has come to a node, whatever brought it.</summary>
    public void OnReached(NodeId node, BucketKey key, SiblingSet set) =>
        ReachedAt(node, key).UnionWith(set.Siblings.ToArray().Select(sibling => sibling.Dot));

    /// <summary>
    /// A write has a dot. One that supersedes what the replica held may have replaced what had come there before, and nothing else,
    /// whatever the state's clock says.
    /// </summary>
    public void OnMinted(SimNode at, BucketKey key, RequestId request, Dot dot, SiblingSet after)
    {
        var (node, write) = (at.Id, Writes[request]);
        write.Minters.Add(node);
        write.Mints.Add((dot, (node, at.Life), after));
        _dots.TryAdd(dot, request);
        if (write.Supersedes)
        {
            var gone = ReachedAt(node, key).Where(other => WriteRecord.IsGone(other, after));
            write.Past.UnionWith(gone.Select(other => _dots[other]).Where(other => other != request));
        }

        ReachedAt(node, key).Add(dot);
    }

    private HashSet<Dot> ReachedAt(NodeId node, BucketKey key) =>
        _reached.TryGetValue((node, key), out var dots) ? dots : _reached[(node, key)] = [];

    /// <summary>
    /// What a read shows although this write had replaced it. A retry that came to a process which did not remember the first try has a dot
    /// of its own: who has seen one of them has not seen the other, and leaves it, as it does with any write that it has not seen.
    /// </summary>
    public IEnumerable<RequestId> Replaced(ReadRecord read, WriteRecord write) => read.State.Siblings.ToArray()
        .Where(sibling => write.Past.Contains(sibling.Request) && read.Shown.Contains(sibling.Request))
        .Where(sibling => OfOneProcess(sibling).Any(dot => write.HasReplaced(dot, read.State.Context)))
        .Select(sibling => sibling.Request);

    /// <summary>
    /// The version's dot, and those that the process which minted it had given to the same write or found it to have before; there should be
    /// none.
    /// </summary>
    private IEnumerable<Dot> OfOneProcess(Sibling sibling)
    {
        var mints = Writes[sibling.Request].Mints;
        var minted = mints.FindIndex(mint => mint.Dot == sibling.Dot);
        return mints.Take(minted).Where(mint => mint.By == mints[minted].By).Select(mint => mint.Dot).Append(sibling.Dot);
    }

    /// <summary>Everything that a client knows which has seen these.</summary>
    public HashSet<RequestId> Closure(IEnumerable<RequestId> seen)
    {
        var past = new HashSet<RequestId>();
        var todo = new Stack<RequestId>(seen);
        while (todo.TryPop(out var id))
        {
            if (!past.Add(id) || !Writes.TryGetValue(id, out var write))
                continue;
            foreach (var older in write.Past)
                todo.Push(older);
        }

        return past;
    }
}
