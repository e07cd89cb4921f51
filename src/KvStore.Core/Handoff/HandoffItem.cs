using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Registers;

namespace KvStore.Core.Handoff;

/// <summary>One key on its way: its siblings, or, for a strong key, what an acceptor holds.</summary>
public sealed record HandoffItem(BucketKey Key, SiblingSet? Siblings, AcceptorState<RegisterValue>? Register)
{
    /// <summary>A key of an ordinary bucket.</summary>
    public static HandoffItem Of(BucketKey key, SiblingSet siblings) => new(key, siblings, null);

    /// <summary>A strong key.</summary>
    public static HandoffItem Of(BucketKey key, AcceptorState<RegisterValue> register) => new(key, null, register);
}
