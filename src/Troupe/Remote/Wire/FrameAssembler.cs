using System.Buffers;
using System.Buffers.Binary;

namespace Akka.Remote.Wire;

/// <summary>
/// Cuts a byte stream into frames, however the stream was split. Whole frames are taken from the input where they lie; only
/// an unfinished one is kept, in a pooled array of exactly its announced length, after that has been checked.
/// <para>Thread rule: one reader.</para>
/// </summary>
internal sealed class FrameAssembler(int limit)
{
    private readonly byte[] _header = new byte[FrameHeader.LengthSize];
    private int _headerCount;
    private byte[]? _body;
    private int _bodyLength;
    private int _bodyCount;
    private bool _bodyTaken;

    /// <summary>The longest frame accepted, in bytes of type and body. A peer that has introduced itself is given more.</summary>
    internal int Limit { get; set; } = limit;

    /// <summary>
    /// The next whole frame (type and body) of what was kept and <paramref name="input"/>, which is moved on. The frame is
    /// valid until the next call. Throws <see cref="MalformedFrameException"/> for a length out of bounds.
    /// </summary>
    internal bool TryRead(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> frame)
    {
        if (_bodyTaken)
            Release();
        if (_body is null && _headerCount == 0 && TryReadInPlace(ref input, out frame))
            return true;
        frame = default;
        if (_body is null && !TryBeginBody(ref input))
            return false;
        var count = Math.Min(input.Length, _bodyLength - _bodyCount);
        input[..count].CopyTo(_body.AsSpan(_bodyCount));
        input = input[count..];
        _bodyCount += count;
        if (_bodyCount < _bodyLength)
            return false;
        frame = _body.AsSpan(0, _bodyLength);
        _bodyTaken = true;
        return true;
    }

    private bool TryReadInPlace(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (input.Length < FrameHeader.LengthSize)
            return false;
        var length = CheckedLength(input);
        if (input.Length - FrameHeader.LengthSize < length)
            return false;
        frame = input.Slice(FrameHeader.LengthSize, length);
        input = input[(FrameHeader.LengthSize + length)..];
        return true;
    }

    private bool TryBeginBody(ref ReadOnlySpan<byte> input)
    {
        var count = Math.Min(input.Length, FrameHeader.LengthSize - _headerCount);
        input[..count].CopyTo(_header.AsSpan(_headerCount));
        input = input[count..];
        _headerCount += count;
        if (_headerCount < FrameHeader.LengthSize)
            return false;
        _bodyLength = CheckedLength(_header);
        _body = ArrayPool<byte>.Shared.Rent(_bodyLength);
        return true;
    }

    private int CheckedLength(ReadOnlySpan<byte> header)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (length == 0 || length > Limit)
            throw new MalformedFrameException($"a frame of {length} bytes; 1 to {Limit} are allowed here");
        return (int)length;
    }

    /// <summary>Gives the kept bytes back. Idempotent.</summary>
    internal void Release()
    {
        if (_body is not null)
            ArrayPool<byte>.Shared.Return(_body);
        _body = null;
        _headerCount = _bodyCount = _bodyLength = 0;
        _bodyTaken = false;
    }
}
