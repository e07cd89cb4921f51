using KvStore.Core.AntiEntropy;
using KvStore.Core.Identity;

namespace KvStore.Core.Deletes;

/// <summary>What a <see cref="ReapRound"/> wants done next. A closed set.</summary>
public abstract record ReapEffect
{
    private ReapEffect()
    {
    }

    /// <summary>Ask an owner which of these it holds in this state and may forget; answer with OnAgreed or OnFailed.</summary>
    public sealed record Ask(NodeId Node, RingEpoch Epoch, IReadOnlyList<KeyHash> Keys) : ReapEffect;

    /// <summary>Have the own replica forget these (Replica.OnReap for each).</summary>
    public sealed record Reap(IReadOnlyList<KeyHash> Keys) : ReapEffect;

    /// <summary>Have an owner forget these; nobody waits for its answer.</summary>
    public sealed record Commit(NodeId Node, RingEpoch Epoch, IReadOnlyList<KeyHash> Keys) : ReapEffect;

    /// <summary>The last effect, with how many keys were agreed on.</summary>
    public sealed record End(int Reaped) : ReapEffect;
}
