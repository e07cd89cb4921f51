using KvStore.Storage.Format;

namespace KvStore.Storage.CommitLog;

/// <summary>
/// How the operations of a batch stand one after another, in a <see cref="WriteBatch"/> as in the log:
/// <c>kind, key length, key, [value length, value]</c>. A delete has no value; a range delete's value is its end.
/// </summary>
internal static class Operations
{
    internal static int MaxSize(int keyLength, int valueLength) => 1 + 5 + keyLength + 5 + valueLength;

    /// <returns>The bytes written.</returns>
    internal static int Write(Span<byte> destination, ValueKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        destination[0] = (byte)kind;
        int at = 1;
        at += Varint.Write(destination[at..], (uint)key.Length);
        key.CopyTo(destination[at..]);
        at += key.Length;
        if (kind == ValueKind.Delete)
            return at;
        at += Varint.Write(destination[at..], (uint)value.Length);
        value.CopyTo(destination[at..]);
        return at + value.Length;
    }

    /// <summary>Takes the next operation off the front. False: the bytes are none.</summary>
    internal static bool TryRead(
        scoped ref ReadOnlySpan<byte> source, out ValueKind kind, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        kind = default;
        key = value = default;
        if (source.IsEmpty || source[0] > (byte)ValueKind.RangeDelete)
            return false;
        kind = (ValueKind)source[0];
        ReadOnlySpan<byte> rest = source[1..];
        if (!TryReadBytes(ref rest, out key) || key.IsEmpty)
            return false;
        if (kind != ValueKind.Delete && !TryReadBytes(ref rest, out value))
            return false;
        source = rest;
        return true;
    }

    private static bool TryReadBytes(scoped ref ReadOnlySpan<byte> source, out ReadOnlySpan<byte> bytes)
    {
        int size = Varint.Read(source, out int length);
        if (size == 0 || length > source.Length - size)
        {
            bytes = default;
            return false;
        }

        bytes = source.Slice(size, length);
        source = source[(size + length)..];
        return true;
    }
}
