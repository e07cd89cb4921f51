using System.Buffers.Binary;
using System.Text;

namespace Petabridge.Cmd.Protocol;

/// <summary>Reads the body of one frame and believes nothing it says about its own sizes. Owner: <see cref="ConsoleCodec"/>; used once.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> body)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = body;

    public delegate T Item<out T>(ref FrameReader body);

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new ConsoleProtocolException($"{other}, where 0 or 1 stands"),
    };

    public string Text()
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));
        try
        {
            return Strict.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw new ConsoleProtocolException("a text that is not UTF-8");
        }
    }

    public IReadOnlyList<T> List<T>(Item<T> read)
    {
        // Each item takes some bytes, so that the list grows no larger than what was sent for it.
        var count = BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));
        var items = new List<T>();
        for (var i = 0; i < count; i++) items.Add(read(ref this));
        return items;
    }

    public readonly void MustBeAtEnd()
    {
        if (!_rest.IsEmpty) throw new ConsoleProtocolException($"{_rest.Length} bytes too many in a frame");
    }

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (length > (uint)_rest.Length) throw new ConsoleProtocolException("a frame that ends too early");
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
