using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Petabridge.Cmd.Protocol;

/// <summary>Writes the body of one frame, then the frame. Owner: <see cref="ConsoleCodec"/>; used once.</summary>
internal sealed class FrameWriter
{
    private const int LengthSize = 4;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public FrameWriter() => Number32(0);

    public FrameWriter Byte(byte value)
    {
        _bytes.Write([value]);
        return this;
    }

    public FrameWriter Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public FrameWriter Text(string text)
    {
        Number32((uint)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _bytes);
        return this;
    }

    public FrameWriter List<T>(IReadOnlyList<T> items, Action<FrameWriter, T> write)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.GetSpan(sizeof(ushort)), checked((ushort)items.Count));
        _bytes.Advance(sizeof(ushort));
        foreach (var item in items) write(this, item);
        return this;
    }

    public byte[] ToFrame()
    {
        var frame = _bytes.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)(frame.Length - LengthSize));
        return frame;
    }

    private void Number32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
    }
}
