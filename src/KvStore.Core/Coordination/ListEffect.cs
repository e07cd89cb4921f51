using KvStore.Core.Identity;

namespace KvStore.Core.Coordination;

/// <summary>What a <see cref="ListOperation"/> wants done next. A closed set.</summary>
public abstract record ListEffect
{
    private ListEffect()
    {
    }

    /// <summary>Ask this owner for a page.</summary>
    public sealed record Ask(NodeId Node) : ListEffect;

    /// <summary>Answer the client; it is over.</summary>
    public sealed record Reply(ListOutcome Outcome) : ListEffect;
}
