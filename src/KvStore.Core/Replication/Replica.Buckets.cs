namespace KvStore.Core.Replication;

/// <summary>The part of a replica that lets go of the keys of buckets that are gone.</summary>
public sealed partial class Replica
{
    /// <summary>
    /// Storage has deleted the keys of buckets that are gone, with nothing under way; the fence is raised next. What was held is held no more,
    /// so that the incarnation ends, and the tree is built anew, which ends the exchanges that compare the old one. The watermarks stay: what they
    /// vouch for is gone everywhere, or is refused by its epoch.
    /// </summary>
    public void OnBucketsGone(List<ReplicaEffect> effects)
    {
        Invariant.Check(_calls == 0 && _stores.Count == 0);
        _pending.Clear();
        _writes.Forget();
        _hasLet = true;
        EndTenure(effects);
        _tree.Rebuild(Role, effects);
    }
}
