using System.Diagnostics.CodeAnalysis;
using KvStore.Core.Identity;

namespace KvStore.Core.Causality;

/// <summary>
/// The bytes of a <see cref="SiblingSet"/>, on disk and between nodes. Canonical: equal states with equal values have equal
/// bytes.
/// <para>State: <c>format (1 byte) | clock (<see cref="ClockCodec"/>) | siblings (varint) | sibling...</c>. Sibling:
/// <c>flags (1 byte: 1 tombstone, 2 request id, 4 timestamp, 8 expiry) | dot | [session, sequence] | [timestamp] | [expiry] |
/// value length | value</c>, numbers as varints, length and value only without flag 1.</para>
/// </summary>
public static class SiblingSetCodec
{
    /// <summary>The format. Never reused for another.</summary>
    public const byte Format = 1;

    /// <summary>What a sibling needs at most beside its value, in bytes.</summary>
    public const int MaxOverhead = 1 + ClockCodec.MaxDot + 5 * ClockCodec.MaxVarint;

    private const byte TombstoneFlag = 1;
    private const byte RequestFlag = 2;
    private const byte TimestampFlag = 4;
    private const byte ExpiryFlag = 8;
    private const byte KnownFlags = TombstoneFlag | RequestFlag | TimestampFlag | ExpiryFlag;

    /// <summary>A bound on the encoded size, in bytes.</summary>
    public static long MaxSize(SiblingSet set) =>
        1 + ClockCodec.MaxVarint + ClockCodec.MaxSize(set.Context) + (long)set.Count * MaxOverhead + set.ValueBytes();

    /// <summary>Writes a state; returns its length, at most <see cref="MaxSize"/>.</summary>
    public static int Write(Span<byte> target, SiblingSet set)
    {
        target[0] = Format;
        var length = 1 + ClockCodec.Write(target[1..], set.Context);
        length += ClockCodec.WriteVarint(target[length..], (ulong)set.Count);
        foreach (var sibling in set.Siblings)
            length += Write(target[length..], sibling);
        return length;
    }

    /// <summary>
    /// Reads a state; its values share the memory of <paramref name="source"/>. False when the bytes are no state of this
    /// format: cut short, with something left over, or breaking an invariant.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> source, [NotNullWhen(true)] out SiblingSet? set)
    {
        set = null;
        var rest = source.Span;
        if (rest.IsEmpty || rest[0] != Format)
            return false;
        rest = rest[1..];
        if (!ClockCodec.TryReadVector(ref rest, out var context) || !ClockCodec.TryReadVarint(ref rest, out var count)
            || count > (ulong)rest.Length)
            return false;
        var siblings = new List<Sibling>((int)Math.Min(count, 128));
        for (var i = 0UL; i < count; i++)
        {
            if (!TryReadSibling(source, ref rest, out var sibling) || !context.Covers(sibling.Dot)
                || (i > 0 && siblings[^1].Dot >= sibling.Dot))
                return false;
            siblings.Add(sibling);
        }

        if (!rest.IsEmpty || (count == 0 && !context.IsEmpty))
            return false;
        set = SiblingSet.Of(context, [.. siblings]);
        return true;
    }

    private static int Write(Span<byte> target, Sibling sibling)
    {
        target[0] = (byte)((sibling.IsTombstone ? TombstoneFlag : 0) | (sibling.Request.IsNone ? 0 : RequestFlag)
            | (sibling.Timestamp == HybridTimestamp.None ? 0 : TimestampFlag) | (sibling.ExpiresAt == 0 ? 0 : ExpiryFlag));
        var length = 1 + ClockCodec.Write(target[1..], sibling.Dot);
        if (!sibling.Request.IsNone)
        {
            length += ClockCodec.WriteVarint(target[length..], sibling.Request.Session);
            length += ClockCodec.WriteVarint(target[length..], sibling.Request.Sequence);
        }

        if (sibling.Timestamp != HybridTimestamp.None)
            length += ClockCodec.WriteVarint(target[length..], sibling.Timestamp.Value);
        if (sibling.ExpiresAt != 0)
            length += ClockCodec.WriteVarint(target[length..], (ulong)sibling.ExpiresAt);
        if (sibling.IsTombstone)
            return length;
        length += ClockCodec.WriteVarint(target[length..], (ulong)sibling.Value.Length);
        sibling.Value.Span.CopyTo(target[length..]);
        return length + sibling.Value.Length;
    }

    private static bool TryReadSibling(
        ReadOnlyMemory<byte> source, ref ReadOnlySpan<byte> rest, [NotNullWhen(true)] out Sibling? sibling)
    {
        sibling = null;
        if (rest.IsEmpty || (rest[0] & ~KnownFlags) != 0)
            return false;
        var flags = rest[0];
        rest = rest[1..];
        ulong session = 0, sequence = 0, stamp = 0, expiry = 0, length = 0;
        var whole = ClockCodec.TryReadDot(ref rest, out var dot)
            && ReadIf(flags, RequestFlag, ref rest, out session) && ReadIf(flags, RequestFlag, ref rest, out sequence)
            && ReadIf(flags, TimestampFlag, ref rest, out stamp) && ReadIf(flags, ExpiryFlag, ref rest, out expiry)
            && expiry <= long.MaxValue
            && ((flags & TombstoneFlag) != 0 || ClockCodec.TryReadVarint(ref rest, out length))
            && length <= (ulong)rest.Length;
        if (!whole)
            return false;
        var value = source.Slice(source.Length - rest.Length, (int)length);
        rest = rest[(int)length..];
        var version = (flags & TombstoneFlag) != 0 ? Sibling.Tombstone(dot) : Sibling.OfValue(dot, value);
        sibling = version.With(new RequestId(session, sequence), new HybridTimestamp(stamp), (long)expiry);
        return true;
    }

    private static bool ReadIf(byte flags, byte flag, ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        return (flags & flag) == 0 || ClockCodec.TryReadVarint(ref rest, out value);
    }
}
