using KvStore.Core.AntiEntropy;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Replication;

/// <summary>
/// The hash tree of one <see cref="Replica"/>, and when another takes its place. Owned by the replica; not thread-safe.
/// <para>Invariant: a stand-in's tree is never complete, so it takes part in no exchange. It holds some keys and drops them again, and an
/// owner that met that in an exchange would take it for a reaped key.</para>
/// </summary>
internal sealed class ReplicaTree(HashTree tree)
{
    public HashTree Current { get; private set; } = tree;

    /// <summary>The replica begins: what is not complete is to be filled.</summary>
    public void Start(ReplicaRole role, List<ReplicaEffect> effects)
    {
        if (role == ReplicaRole.Fallback)
            Current.Retire();
        else if (!Current.IsComplete)
            effects.Add(new ReplicaEffect.RebuildTree(Current));
    }

    /// <summary>A key's state changed; a tree that has become too small for its keys is rebuilt a level deeper.</summary>
    public void Update(BucketKey key, ulong before, ulong after, ReplicaRole role, List<ReplicaEffect> effects)
    {
        Current.Update(Token.Of(key), before, after);
        if (Current is { IsComplete: true, IsCrowded: true })
            Rebuild(role, effects, Current.Depth + 1);
    }

    /// <summary>Another tree takes its place, which ends the exchanges that compare this one.</summary>
    public void Rebuild(ReplicaRole role, List<ReplicaEffect> effects, int? depth = null)
    {
        Current.Retire();
        if (role == ReplicaRole.Fallback)
            return;
        Current = new HashTree(depth ?? Current.Depth, isComplete: false);
        effects.Add(new ReplicaEffect.RebuildTree(Current));
    }
}
