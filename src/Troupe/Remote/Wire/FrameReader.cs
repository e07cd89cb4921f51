using System.Buffers.Binary;
using System.Text;

namespace Akka.Remote.Wire;

/// <summary>Reads one frame's body from front to back; throws <see cref="MalformedFrameException"/> past its end.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    internal readonly ReadOnlySpan<byte> Rest => _rest;

    internal byte ReadByte()
    {
        if (_rest.IsEmpty)
            throw Truncated();
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    internal ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = ReadByte();
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return value;
        }
        throw new MalformedFrameException("a number of more than 64 bits");
    }

    /// <summary>A varint that is an index or a count below <paramref name="exclusiveMax"/>.</summary>
    internal int ReadSmall(int exclusiveMax)
    {
        var value = ReadVarint();
        if (value >= (ulong)exclusiveMax)
            throw new MalformedFrameException($"the number {value} where less than {exclusiveMax} was expected");
        return (int)value;
    }

    internal ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > _rest.Length)
            throw Truncated();
        var bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    internal string ReadString(int maxBytes) => Encoding.UTF8.GetString(ReadBytes(ReadSmall(maxBytes + 1)));

    internal int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(sizeof(int)));

    private static MalformedFrameException Truncated() => new("a frame that ends before its content does");
}
