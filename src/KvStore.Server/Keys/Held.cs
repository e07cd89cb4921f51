namespace KvStore.Server.Keys;

/// <summary>What is there under a key, as a door that knows no siblings shows it.</summary>
/// <param name="Exists">Whether there is a value.</param>
/// <param name="Bytes">It.</param>
/// <param name="ExpiresAt">When it goes, in milliseconds since 1970 (UTC); 0 for never.</param>
public readonly record struct Held(bool Exists, ReadOnlyMemory<byte> Bytes, long ExpiresAt)
{
    public static readonly Held Nothing;

    public static Held Value(ReadOnlyMemory<byte> bytes, long expiresAt = 0) => new(true, bytes, expiresAt);
}
