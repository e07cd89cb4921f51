using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>The part of a replica that lists its keys, and lets go of those of buckets that are gone.</summary>
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

    /// <summary>
    /// Why this replica does not say which keys there are, to whoever asks under an epoch: like "not found" it is a word that only a whole owner has.
    /// </summary>
    public Refusal RefusesListing(RingEpoch epoch) => epoch < Fence ? Refusal.StaleEpoch
        : epoch > Fence || Role != ReplicaRole.Primary || !Meta.IsWhole ? Refusal.NotReady
        : Refusal.None;
}
