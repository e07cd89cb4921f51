using System.Text;
using KvStore.Core.Coordination;

namespace KvStore.Client;

/// <summary>A read's answer. A failure of the cluster is a status, not an exception.</summary>
public sealed record ReadResult
{
    /// <summary>What it came to; only <see cref="ReadStatus.Found"/> comes with values.</summary>
    public required ReadStatus Status { get; init; }

    /// <summary>
    /// The values that none of the others supersedes: one as a rule, several after concurrent writes. Merge them and write the merged one
    /// with <see cref="Context"/>.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Siblings { get; init; } = [];

    /// <summary>What was seen, for a write that is based on it. Also there when the key is absent after a delete.</summary>
    public CausalToken Context { get; init; }

    /// <summary>Which replicas stand for the answer.</summary>
    public OperationTally Tally { get; init; }

    /// <summary>How many times nodes were asked, hedges included.</summary>
    public int Attempts { get; init; }

    /// <summary>In words, what went wrong and what to do; empty when the quorum answered.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Whether there is a value.</summary>
    public bool IsFound => Status == ReadStatus.Found;

    /// <summary>Whether the quorum answered: a value, or its absence.</summary>
    public bool IsKnown => Status is ReadStatus.Found or ReadStatus.Absent;

    /// <summary>The only value.</summary>
    /// <exception cref="InvalidOperationException">There is none, or there are several.</exception>
    public ReadOnlyMemory<byte> Value => Siblings.Count == 1
        ? Siblings[0]
        : throw new InvalidOperationException(Siblings.Count == 0
            ? $"There is no value ({Status}). {Problem}".TrimEnd()
            : $"There are {Siblings.Count} siblings: merge them, and write the result with this result's Context.");

    /// <summary>The only value as UTF-8 text.</summary>
    /// <exception cref="InvalidOperationException">There is none, or there are several.</exception>
    public string Text => Encoding.UTF8.GetString(Value.Span);
}
