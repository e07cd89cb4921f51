using KvStore.Core.Identity;

namespace KvStore.Client.Requests;

/// <summary>What a <see cref="RequestRun"/> wants done.</summary>
internal abstract record RunEffect
{
    /// <summary>Ask this node, and give it so long.</summary>
    public sealed record Send(NodeId Node, TimeSpan Budget) : RunEffect;

    /// <summary>It is over: the answer to go by, or null when there was none.</summary>
    public sealed record Finish(Verdict? Last) : RunEffect;
}
