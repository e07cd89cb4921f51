using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using KvStore.Storage.Format;

namespace KvStore.Storage.CommitLog;

/// <summary>How the readable part of a segment ends.</summary>
internal enum SegmentEnd
{
    /// <summary>An end record: the segment was finished in order.</summary>
    Finished,

    /// <summary>Nothing more was written, as far as can be seen.</summary>
    Clean,

    /// <summary>A write that the machine did not finish, or did not get to the disk before it died. None of it was
    /// promised.</summary>
    Torn,
}

/// <summary>
/// Reads a segment from memory, record by record, and judges how it ends. Records come whole or not at all.
///
/// What follows the last good record is damage, not a torn tail, when either holds (the reader then throws
/// <see cref="CorruptionException"/>):
/// 1. a later record is good and says that the bytes here were durable before it was written;
/// 2. one changed bit would make the record here right (<see cref="SingleBitDamage"/>), and it is no end record.
/// Otherwise nobody was told that these bytes are safe, and they are dropped.
/// </summary>
internal ref struct SegmentReader
{
    private readonly ReadOnlySpan<byte> _segment;
    private readonly SegmentBytes? _source;
    private readonly FileNumber _number;
    private readonly string _path;
    private readonly uint _marker;

    internal SegmentReader(SegmentBytes source, FileNumber number, string path)
        : this(source.Span, number, path, source)
    {
    }

    internal SegmentReader(ReadOnlySpan<byte> segment, FileNumber number, string path, SegmentBytes? source = null)
    {
        _segment = segment;
        _source = source;
        source?.ReadTo(Math.Min(segment.Length, CommitLogFormat.HeaderSize));
        _number = number;
        _path = path;
        _marker = CommitLogFormat.Marker(number);
        Offset = CommitLogFormat.HeaderSize;
        if (!HeaderIsOurs())
            Stop(0);
    }

    /// <summary>Where the next record begins; at the end, where the good part ends.</summary>
    internal long Offset { get; private set; }

    internal SegmentEnd End { get; private set; } = SegmentEnd.Clean;

    /// <summary>A record here says that all earlier segments are durable.</summary>
    internal bool EarlierAreDurable { get; private set; }

    private bool _stopped;

    /// <summary>The next batch: its first sequence number, its count of operations, and these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool TryRead(out SequenceNumber first, out int count, out ReadOnlySpan<byte> operations)
    {
        first = default;
        count = 0;
        operations = default;
        if (_stopped)
            return false;
        if (!IsRecord((int)Offset, out int length, out uint durable))
            return Stop((int)Offset);
        EarlierAreDurable |= durable > 0;
        ReadOnlySpan<byte> payload = _segment.Slice((int)Offset + CommitLogFormat.RecordHeaderSize, length);
        if (length == CommitLogFormat.EndLength)
        {
            Offset += CommitLogFormat.RecordHeaderSize;
            End = SegmentEnd.Finished;
            _stopped = true;
            return false;
        }

        if (length < CommitLogFormat.BatchHeaderSize)
            throw new CorruptionException(_path, Offset, "a record is too short for a batch, though its checksum is right");
        first = new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(payload));
        count = BinaryPrimitives.ReadInt32LittleEndian(payload[8..]);
        operations = payload[CommitLogFormat.BatchHeaderSize..];
        Offset += CommitLogFormat.RecordHeaderSize + length;
        return true;
    }

    private readonly bool HeaderIsOurs()
    {
        if (_segment.Length < CommitLogFormat.HeaderSize)
            return false;
        ReadOnlySpan<byte> header = _segment[..CommitLogFormat.HeaderSize];
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(header[28..]);
        if (Crc32C.Mask(Crc32C.Of(header[..28])) != stored)
        {
            if (SingleBitDamage.Explains(header[..28], 0, stored))
                throw new CorruptionException(_path, 0, "the segment's header fails its checksum by one bit");
            return false;
        }

        if (!header.StartsWith(CommitLogFormat.Magic))
            throw new UnsupportedFormatException(_path, "it is not a commit log segment of this engine");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (version != CommitLogFormat.Version)
            throw new UnsupportedFormatException(
                _path, $"its commit log format is {version}, and this release reads {CommitLogFormat.Version}");
        ulong named = BinaryPrimitives.ReadUInt64LittleEndian(header[16..]);
        if (named > _number.Value)
            throw new CorruptionException(_path, 16, $"the header names segment {named}");
        return named == _number.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly bool IsRecord(int at, out int length, out uint durable)
    {
        length = 0;
        durable = 0;
        if (at < CommitLogFormat.HeaderSize || at + CommitLogFormat.RecordHeaderSize > _segment.Length)
            return false;
        _source?.ReadTo(at + CommitLogFormat.RecordHeaderSize);
        ReadOnlySpan<byte> header = _segment.Slice(at, CommitLogFormat.RecordHeaderSize);
        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != _marker
            || stated > (uint)(_segment.Length - at - CommitLogFormat.RecordHeaderSize))
        {
            return false;
        }

        length = (int)stated;
        _source?.ReadTo(at + CommitLogFormat.RecordHeaderSize + length);
        durable = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        ReadOnlySpan<byte> covered = _segment.Slice(at + 4, CommitLogFormat.RecordHeaderSize - 4 + length);
        uint stored = Crc32C.Unmask(BinaryPrimitives.ReadUInt32LittleEndian(header));
        return CommitLogFormat.Checksum(covered, _number, at) == stored;
    }

    /// <summary>Judges what stands at <paramref name="at"/>, where no good record is.</summary>
    private bool Stop(int at)
    {
        _stopped = true;
        Offset = at;
        _source?.ReadTo(_segment.Length);
        Span<byte> marker = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(marker, _marker);
        for (int from = at + 1; from < _segment.Length;)
        {
            int found = _segment[from..].IndexOf(marker);
            if (found < 0)
                break;
            int record = from + found - 4;
            if (record > at && IsRecord(record, out _, out uint durable))
            {
                EarlierAreDurable |= durable > 0;
                if (durable > Math.Max(at, 1))
                    throw new CorruptionException(_path, at, "a record is unreadable, and a later one says that it was durable");
            }

            from += found + 1;
        }

        if (at >= CommitLogFormat.HeaderSize && at + CommitLogFormat.RecordHeaderSize <= _segment.Length)
            End = JudgeTail(at);
        return false;
    }

    private readonly SegmentEnd JudgeTail(int at)
    {
        ReadOnlySpan<byte> header = _segment.Slice(at, CommitLogFormat.RecordHeaderSize);
        uint marker = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        int markerBits = BitOperations.PopCount(marker ^ _marker);
        if (markerBits > 1)
            return SegmentEnd.Clean;

        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(header);
        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        int room = _segment.Length - at - CommitLogFormat.RecordHeaderSize;
        uint seed = CommitLogFormat.Seed(_number, at);
        // A record that says that it is an end is not judged so: cut off after its length it differs by one bit from what was to be written, in
        // "durable", and there is nothing in it that could be lost.
        if (stated <= (uint)room && stated != CommitLogFormat.EndLength
            && SingleBitDamage.Explains(_segment.Slice(at + 4, CommitLogFormat.RecordHeaderSize - 4 + (int)stated), seed, stored))
        {
            throw new CorruptionException(_path, at, "a record fails its checksum by one bit");
        }

        Span<byte> repaired = stackalloc byte[CommitLogFormat.RecordHeaderSize - 4];
        for (int bit = 0; markerBits == 0 && bit < 32; bit++)
        {
            uint length = stated ^ (1u << bit);
            if (length > (uint)Math.Min(room, SingleBitDamage.MaxBytes))
                continue;
            header[4..].CopyTo(repaired);
            BinaryPrimitives.WriteUInt32LittleEndian(repaired[4..], length);
            uint crc = Crc32C.Append(
                Crc32C.Append(seed, repaired), _segment.Slice(at + CommitLogFormat.RecordHeaderSize, (int)length));
            if (Crc32C.Mask(crc) == stored)
                throw new CorruptionException(_path, at, "a record's length is wrong by one bit");
        }

        return SegmentEnd.Torn;
    }
}
