namespace KvStore.Server.Keys;

/// <summary>What a step makes of what it finds under a key, and what it answers when that is done.</summary>
/// <param name="Kind">Whether it writes.</param>
/// <param name="After">What is to be there; only of <see cref="ChangeKind.Put"/>.</param>
/// <param name="Answer">The answer.</param>
public readonly record struct Change<T>(ChangeKind Kind, Held After, T Answer)
{
    /// <summary>Whether the command that asks for it may be sent again when nobody knows whether it was done: what is there then is the same.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The bytes to write; null deletes. (A bare null would become an empty value: bytes convert from a null array.)</summary>
    public ReadOnlyMemory<byte>? BytesOrNull => Kind == ChangeKind.Delete ? default(ReadOnlyMemory<byte>?) : After.Bytes;
}

/// <summary>Makes changes.</summary>
public static class Change
{
    public static Change<T> None<T>(T answer) => new(ChangeKind.None, default, answer);

    public static Change<T> Put<T>(Held after, T answer) => new(ChangeKind.Put, after, answer);

    public static Change<T> Delete<T>(T answer) => new(ChangeKind.Delete, default, answer);
}

/// <summary>Whether a step writes.</summary>
public enum ChangeKind
{
    None = 0,
    Put = 1,
    Delete = 2,
}
