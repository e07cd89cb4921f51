namespace KvStore.Core.Links;

/// <summary>What a <see cref="LinkItem"/> is to its receiver.</summary>
public enum LinkItemKind : byte
{
    /// <summary>Nobody waits for an answer.</summary>
    Tell = 0,

    /// <summary>A question; the answer carries its number.</summary>
    Ask = 1,

    /// <summary>The answer to the receiver's question of this number.</summary>
    Answer = 2,

    /// <summary>Bytes of a message too large for one batch; its last part is of one of the other kinds.</summary>
    Part = 3,
}

/// <summary>One message in a batch, or a part of one.</summary>
/// <param name="Kind">What it is to the receiver.</param>
/// <param name="Correlation">The question's number; 0 for a tell; the message's number in its line for a part.</param>
/// <param name="Due">
/// When nobody waits for it any more, by the sender's monotonic clock; <see cref="TimeSpan.MaxValue"/> for never.
/// </param>
/// <param name="PartsOf">For the last part of a large message: under which number the others came; else 0.</param>
/// <param name="Offset">For a part: how many bytes of the message came before it.</param>
/// <param name="Body">The message.</param>
public readonly record struct LinkItem(
    LinkItemKind Kind, ulong Correlation, TimeSpan Due, ulong PartsOf, int Offset, ReadOnlyMemory<byte> Body)
{
    /// <summary>What an item costs beside its body, roughly, in bytes.</summary>
    public const int Overhead = 24;

    /// <summary>How many bytes it counts for.</summary>
    public int Size => Body.Length + Overhead;

    /// <summary>A whole message.</summary>
    public static LinkItem Of(LinkItemKind kind, ulong correlation, TimeSpan due, ReadOnlyMemory<byte> body) =>
        new(kind, correlation, due, PartsOf: 0, Offset: 0, body);
}
