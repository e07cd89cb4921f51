using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using KvStore.Storage.Format;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.CommitLog;

/// <summary>
/// Writes one segment of the commit log. Owned by the commit queue and used under its lock, except <see cref="Sync"/>, which one
/// thread at a time may run beside appends.
///
/// 1. A record is in the file, whole, when an append returns: it survives the death of the process.
/// 2. An append that fails for want of space leaves no trace: the file is cut back. If that fails too, the exception is not
///    <see cref="DiskFullException"/> and the store must stop.
/// 3. A record's "durable" field never says more than was durable when it was written.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    private const int KeptBuffer = 1 << 20;
    private readonly IWritableFile _file;
    private byte[] _buffer = new byte[4096];
    private long _durable;

    /// <summary>Begins a segment in a file just created, or one recycled: its header is written, not synced.</summary>
    internal SegmentWriter(IWritableFile file, FileNumber number)
    {
        _file = file;
        Number = number;
        Span<byte> header = stackalloc byte[CommitLogFormat.HeaderSize];
        CommitLogFormat.WriteHeader(header, number);
        _file.WriteAt(0, header);
        End = CommitLogFormat.HeaderSize;
    }

    /// <summary>Goes on with a segment that was read up to <paramref name="end"/>, to seal it.</summary>
    internal SegmentWriter(IWritableFile file, FileNumber number, long end)
    {
        _file = file;
        Number = number;
        End = end;
    }

    internal FileNumber Number { get; }

    /// <summary>Where the next record goes.</summary>
    internal long End { get; private set; }

    /// <summary>Whether a sync has covered everything in it. A full segment stays so.</summary>
    internal bool IsDurable => Volatile.Read(ref _durable) == End;

    /// <summary>Says that all earlier segments are durable; from now on records tell it.</summary>
    internal void EarlierAreDurable() => Volatile.Write(ref _durable, Math.Max(1, Volatile.Read(ref _durable)));

    /// <summary>Appends a batch of one operation, encoded in place.</summary>
    internal void AppendOne(SequenceNumber sequence, ValueKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Span<byte> record = Reserve(CommitLogFormat.RecordHeaderSize + CommitLogFormat.BatchHeaderSize
            + Operations.MaxSize(key.Length, value.Length));
        WriteBatchHeader(record, sequence, 1);
        int size = CommitLogFormat.RecordHeaderSize + CommitLogFormat.BatchHeaderSize;
        size += Operations.Write(record[size..], kind, key, value);
        Append(record[..size]);
    }

    /// <summary>Appends a batch whose operations are encoded already.</summary>
    internal void AppendBatch(SequenceNumber first, int count, ReadOnlySpan<byte> operations)
    {
        const int before = CommitLogFormat.RecordHeaderSize + CommitLogFormat.BatchHeaderSize;
        Span<byte> record = Reserve(before + operations.Length);
        WriteBatchHeader(record, first, count);
        operations.CopyTo(record[before..]);
        Append(record[..(before + operations.Length)]);
        if (_buffer.Length > KeptBuffer)
            _buffer = new byte[4096];
    }

    /// <summary>Says that the segment was finished in order: what is missing before this record was damaged, not torn.</summary>
    internal void AppendEnd() => Append(Reserve(CommitLogFormat.RecordHeaderSize));

    /// <summary>Makes everything appended before this call durable. Never called again after it has failed.</summary>
    internal void Sync()
    {
        long end = End;
        _file.Sync();
        Volatile.Write(ref _durable, end);
    }

    /// <summary>Cuts off what follows the last record; for a segment that will not be recycled.</summary>
    internal void Trim() => _file.SetLength(End);

    public void Dispose() => _file.Dispose();

    private static void WriteBatchHeader(Span<byte> record, SequenceNumber first, int count)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(record[CommitLogFormat.RecordHeaderSize..], first.Value);
        BinaryPrimitives.WriteInt32LittleEndian(record[(CommitLogFormat.RecordHeaderSize + 8)..], count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int size)
    {
        if (_buffer.Length < size)
            _buffer = new byte[Math.Max(size, 2 * Math.Min(_buffer.Length, KeptBuffer))];
        return _buffer.AsSpan(0, size);
    }

    private void Append(Span<byte> record)
    {
        CommitLogFormat.Seal(record, Number, End, (uint)Volatile.Read(ref _durable));
        try
        {
            _file.WriteAt(End, record);
        }
        catch (DiskFullException)
        {
            _file.SetLength(End);
            throw;
        }

        End += record.Length;
    }
}
