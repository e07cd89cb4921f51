using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Simulator.Histories;

/// <summary>One client operation, from the moment it was sent to the moment its answer came. Times are the world's.</summary>
public abstract record Operation(int Client, int Node, BucketKey Key, TimeSpan Sent, TimeSpan Answered);

/// <summary>A write of a value that no other write has.</summary>
/// <param name="Result">What the client was told; unknown when it was told nothing.</param>
/// <param name="Dot">The write's dot; null when the client was told none.</param>
public sealed record Write(int Client, int Node, BucketKey Key, TimeSpan Sent, TimeSpan Answered, string Value, PutResult Result, Dot? Dot)
    : Operation(Client, Node, Key, Sent, Answered)
{
    /// <summary>For a delete: what its client had read, and meant to delete.</summary>
    public SiblingSet? Deletes { get; init; }
}

/// <summary>A read. <paramref name="State"/> is null when the client was told nothing, or that too few replicas answered.</summary>
public sealed record Read(int Client, int Node, BucketKey Key, TimeSpan Sent, TimeSpan Answered, SiblingSet? State)
    : Operation(Client, Node, Key, Sent, Answered);
