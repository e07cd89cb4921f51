using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;

namespace Akka.Serialization;

/// <summary>Appends lengths, texts and bytes to a growing array; the counterpart of <see cref="BinaryTextReader"/>.</summary>
internal sealed class BinaryTextWriter
{
    private readonly List<byte> _bytes = [];

    public void Byte(byte value) => _bytes.Add(value);

    public void Int(int value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(four, value);
        foreach (var b in four) _bytes.Add(b);
    }

    public void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    public void Bytes(byte[] bytes)
    {
        Int(bytes.Length);
        _bytes.AddRange(bytes);
    }

    public byte[] ToArray() => [.. _bytes];
}

/// <summary>
/// Reads what <see cref="BinaryTextWriter"/> wrote; throws <see cref="SerializationException"/> at anything else.
/// </summary>
internal sealed class BinaryTextReader(byte[] bytes)
{
    private int _at;

    public byte Byte() => Take(1)[0];

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public string Text() => Encoding.UTF8.GetString(Take(Int()));

    public byte[] Bytes() => Take(Int()).ToArray();

    /// <summary>A number of things that follow, each at least one byte long.</summary>
    public int Count()
    {
        var count = Int();
        return count >= 0 && count <= bytes.Length - _at ? count : throw Malformed();
    }

    public void End()
    {
        if (_at != bytes.Length) throw Malformed();
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > bytes.Length - _at) throw Malformed();
        var taken = bytes.AsSpan(_at, length);
        _at += length;
        return taken;
    }

    private SerializationException Malformed() => new($"The message is malformed at byte {_at} of {bytes.Length}.");
}
