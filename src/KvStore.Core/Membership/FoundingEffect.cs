using KvStore.Core.Identity;

namespace KvStore.Core.Membership;

/// <summary>What a <see cref="FoundingVote"/> wants done. A closed set.</summary>
public abstract record FoundingEffect
{
    private FoundingEffect()
    {
    }

    /// <summary>Ask a member of the ring for its vote; answer with OnAnswered. No answer needs no telling.</summary>
    public sealed record Ask(NodeId To, uint Round) : FoundingEffect;

    /// <summary>Form a cluster, now.</summary>
    public sealed record Found : FoundingEffect
    {
        /// <summary>The only one.</summary>
        public static readonly Found Instance = new();
    }
}
