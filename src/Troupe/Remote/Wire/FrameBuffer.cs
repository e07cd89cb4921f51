using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Akka.Remote.Wire;

/// <summary>
/// Frames being gathered for one write, in one pooled array.
/// <para>Owner: one connection, which hands <see cref="Written"/> to the network and clears it when the write is done.</para>
/// </summary>
internal sealed class FrameBuffer
{
    private const int FirstSize = 4 * 1024;

    /// <summary>An array larger than this is given back after use: one huge message must not pin its memory for ever.</summary>
    private const int LargestKept = 1024 * 1024;

    private byte[] _bytes = [];
    private int _frameStart;

    internal int Count { get; private set; }

    internal ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Count);

    internal void BeginFrame(FrameType type)
    {
        _frameStart = Count;
        var header = Reserve(FrameHeader.Size);
        header[FrameHeader.Size - 1] = (byte)type;
    }

    internal void EndFrame() =>
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_frameStart), Count - _frameStart - FrameHeader.LengthSize);

    internal void WriteByte(byte value) => Reserve(1)[0] = value;

    internal void WriteVarint(ulong value)
    {
        var target = Reserve(10, committed: 0);
        var n = 0;
        for (; value >= 0x80; value >>= 7)
            target[n++] = (byte)(value | 0x80);
        target[n++] = (byte)value;
        Count += n;
    }

    /// <summary>UTF-8, after its length in bytes as a varint.</summary>
    internal void WriteString(string value)
    {
        if (value.Length <= 42)
        {
            var target = Reserve(1 + value.Length * 3, committed: 0);
            var written = Encoding.UTF8.GetBytes(value, target[1..]);
            target[0] = (byte)written;
            Count += 1 + written;
            return;
        }
        var length = Encoding.UTF8.GetByteCount(value);
        WriteVarint((ulong)length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    internal void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    internal void Clear()
    {
        Count = 0;
        if (_bytes.Length > LargestKept)
            Release();
    }

    /// <summary>Gives the array back. Idempotent.</summary>
    internal void Release()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Count = 0;
    }

    private Span<byte> Reserve(int size) => Reserve(size, size);

    private Span<byte> Reserve(int size, int committed)
    {
        if (_bytes.Length - Count < size)
            Grow(size);
        var span = _bytes.AsSpan(Count, size);
        Count += committed;
        return span;
    }

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(FirstSize, _bytes.Length * 2), Count + size));
        _bytes.AsSpan(0, Count).CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
