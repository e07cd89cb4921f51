using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>What a change of the ring does to a replica: its fence, its role, and how an owner is filled.</summary>
public sealed partial class Replica
{
    /// <summary>
    /// Raises the fence: from now on older epochs are refused. Answered with Fenced once that is durable and the calls of older epochs
    /// that are under way have been answered. With a new generation of the ring an owner is whole only when it has compared with the
    /// others, if there are any: it may have been none in epochs that it never heard of.
    /// </summary>
    public void OnFence(CallId call, RingEpoch epoch, ReplicaRole role, List<ReplicaEffect> effects, bool isOnlyOwner = false)
    {
        var before = _fence.Epoch;
        if (_fence.Raise(call, epoch))
        {
            Meta = Meta with { Fence = epoch };
            BecomeRole(role, !before.IsNone && epoch.Generation > before.Generation && !isOnlyOwner, effects);
            effects.Add(new ReplicaEffect.SaveFence(epoch));
        }

        _fence.Confirm(Bugs, effects);
    }

    /// <summary>A fence is durable.</summary>
    public void OnFenceSaved(RingEpoch epoch, List<ReplicaEffect> effects)
    {
        _fence.OnSaved(epoch);
        _fence.Confirm(Bugs, effects);
    }

    /// <summary>
    /// Merges all that the source of a stream held of a key, <see cref="SiblingSet.Empty"/> too. What is here since this was a stand-in,
    /// and the source has seen and holds no more, goes. Answered with Stored or Refused.
    /// </summary>
    public void OnStreamed(
        CallId call, RingEpoch epoch, BucketKey key, SiblingSet set, VersionVector seenBySource, ReplicaTime time,
        List<ReplicaEffect> effects)
    {
        if (!Admit(call, epoch, effects))
            return;
        var seen = new SeenEvents(seenBySource, default);
        Enqueue(key, new PendingCall(call, CallKind.Merge, epoch) { Set = set, SeenBySender = seen }, time, effects);
    }

    /// <summary>
    /// Everything that the sources held was streamed here and is stored: this replica is whole, and has seen what they had seen
    /// when their snapshots were taken, unless something was lost meanwhile.
    /// </summary>
    public void OnFilled(VersionVector seenBySources, List<ReplicaEffect> effects)
    {
        Meta = Meta.Filled(seenBySources);
        effects.Add(new ReplicaEffect.SaveMeta(Meta));
    }

    /// <summary>
    /// A stand-in that becomes an owner is to be filled first, whatever copies it holds; an owner that stops being one vouches for
    /// nothing any more. A new tree ends the exchanges that were begun in the old role.
    /// </summary>
    private void BecomeRole(ReplicaRole role, bool isRecovered, List<ReplicaEffect> effects)
    {
        if (isRecovered)
            Meta = Meta with { IsWhole = false, MustCompare = true };
        if (isRecovered || role != Role)
            _exchangedWith.Clear();
        if (role == Role)
            return;
        _hasLet = true;
        var isWhole = (Bugs & PlantedBugs.FilledTooEarly) != 0;
        Meta = Meta with { Role = role, IsWhole = isWhole, MustCompare = false, Watermarks = VersionVector.Empty, Origins = VersionVector.Empty };
        effects.Add(new ReplicaEffect.SaveMeta(Meta));
        _tree.Rebuild(Role, effects);
    }
}
