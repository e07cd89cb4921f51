using System.Collections.Immutable;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Membership;

/// <summary>
/// The changes that an operator has staged on one node and not committed yet. Staging changes nothing and is forgotten at a restart.
/// One owner; not thread-safe.
/// Invariant: what is committed is exactly the plan that was shown, on the ring that it was drawn up for.
/// </summary>
public sealed class StagedChanges
{
    private readonly List<RingChange> _changes = [];
    private RingPlan? _plan;

    /// <summary>What is staged, in the order given.</summary>
    public ImmutableArray<RingChange> Changes => [.. _changes];

    /// <summary>Adds one change. Null when done, else why not; then nothing has changed.</summary>
    /// <param name="ring">The current ring.</param>
    /// <param name="change">What is wanted.</param>
    /// <param name="newcomerCluster">The cluster that a joining node says it belonged to; none for a new one.</param>
    public RingRefusal? Stage(Ring ring, RingChange change, ClusterId newcomerCluster = default)
    {
        if (!newcomerCluster.IsNone && newcomerCluster != ring.Cluster)
            return RingRefusal.OtherCluster;
        if (ring.IsChanging)
            return RingRefusal.ChangeUnderWay;
        if (RingPlanner.RefuseOne(ring, change) is { } refusal)
            return refusal;
        if (_changes.Any(other => Touched(other).Intersect(Touched(change)).Any()))
            return RingRefusal.Overlapping;
        _changes.Add(change);
        _plan = null;
        return null;
    }

    /// <summary>Draws up what the staged changes would do. Null when done, else why not.</summary>
    public RingRefusal? Plan(Ring ring, IReadOnlyList<long>? partitionBytes, out RingPlan? plan)
    {
        var refusal = RingPlanner.Plan(ring, _changes, partitionBytes, out plan);
        _plan = plan;
        return refusal;
    }

    /// <summary>The ring to propose for the plan shown last. Null when it may be proposed, else why not.</summary>
    public RingRefusal? Commit(Ring ring, bool acceptRisk, out Ring? next)
    {
        next = null;
        if (_plan is null)
            return RingRefusal.NothingStaged;
        if (ring.IsChanging)
            return RingRefusal.ChangeUnderWay;
        if (!_plan.Base.IsSameAs(ring))
            return RingRefusal.PlanOutdated;
        if (_plan.IsAtRisk && !acceptRisk)
            return RingRefusal.RiskNotAccepted;
        next = _plan.Next;
        return null;
    }

    /// <summary>Forgets what is staged: the operator changed their mind, or it is decided.</summary>
    public void Clear()
    {
        _changes.Clear();
        _plan = null;
    }

    private static IEnumerable<NodeId> Touched(RingChange change) =>
        change is RingChange.Replace replace ? [change.Node, replace.Member.Id] : [change.Node];
}
