using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using KvStore.Core.Identity;

namespace KvStore.Core.Causality;

/// <summary>
/// The bytes of dots and version vectors, canonical: one state has one encoding. Reading takes bytes from anywhere: every
/// length is checked against what remains before anything is made of it.
/// <para>Varint: seven bits a byte, lowest first, the shortest form only. Dot: node id (16 bytes, big-endian),
/// tenure (varint), counter (varint). Version vector: count (varint), then its entries in order.</para>
/// </summary>
public static class ClockCodec
{
    /// <summary>The longest varint, in bytes.</summary>
    public const int MaxVarint = 10;

    /// <summary>The longest dot, in bytes.</summary>
    public const int MaxDot = NodeId.Size + 2 * MaxVarint;

    private const int MinDot = NodeId.Size + 2;

    /// <summary>A bound on the encoded size of a vector, in bytes.</summary>
    public static int MaxSize(VersionVector vector) => MaxVarint + vector.Count * MaxDot;

    /// <summary>Writes a varint; returns its length.</summary>
    public static int WriteVarint(Span<byte> target, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            target[length++] = (byte)(value | 0x80);
        target[length++] = (byte)value;
        return length;
    }

    /// <summary>
    /// Reads a varint and moves <paramref name="source"/> past it; false when it is cut short, too long or padded.
    /// </summary>
    public static bool TryReadVarint(ref ReadOnlySpan<byte> source, out ulong value)
    {
        value = 0;
        for (var i = 0; i < source.Length && i < MaxVarint; i++)
        {
            var part = source[i];
            if (i == MaxVarint - 1 && part > 1)
                return false;
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part >= 0x80)
                continue;
            if (part == 0 && i > 0)
                return false;
            source = source[(i + 1)..];
            return true;
        }

        return false;
    }

    /// <summary>Writes a dot; returns its length.</summary>
    public static int Write(Span<byte> target, Dot dot)
    {
        dot.Incarnation.Node.Write(target);
        var length = NodeId.Size;
        length += WriteVarint(target[length..], dot.Incarnation.Tenure);
        return length + WriteVarint(target[length..], dot.Counter);
    }

    /// <summary>Reads a dot and moves past it; false when it is cut short or counts 0.</summary>
    public static bool TryReadDot(ref ReadOnlySpan<byte> source, out Dot dot)
    {
        dot = default;
        if (source.Length < MinDot)
            return false;
        var node = new NodeId(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));
        source = source[NodeId.Size..];
        if (!TryReadVarint(ref source, out var tenure) || !TryReadVarint(ref source, out var counter) || counter == 0)
            return false;
        dot = new Dot(new Incarnation(node, tenure), counter);
        return true;
    }

    /// <summary>Writes a vector; returns its length, at most <see cref="MaxSize"/>.</summary>
    public static int Write(Span<byte> target, VersionVector vector)
    {
        var length = WriteVarint(target, (ulong)vector.Count);
        foreach (var entry in vector.Entries)
            length += Write(target[length..], entry);
        return length;
    }

    /// <summary>Reads a vector and moves past it; false when it is cut short, unsorted or claims more than there is.</summary>
    public static bool TryReadVector(ref ReadOnlySpan<byte> source, [NotNullWhen(true)] out VersionVector? vector)
    {
        vector = null;
        if (!TryReadVarint(ref source, out var count) || count > (ulong)(source.Length / MinDot))
            return false;
        var entries = new Dot[(int)count];
        for (var i = 0; i < entries.Length; i++)
        {
            if (!TryReadDot(ref source, out entries[i]) || (i > 0 && entries[i - 1].Incarnation >= entries[i].Incarnation))
                return false;
        }

        vector = VersionVector.FromSorted(entries);
        return true;
    }
}
