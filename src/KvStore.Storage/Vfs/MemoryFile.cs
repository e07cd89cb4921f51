namespace KvStore.Storage.Vfs;

/// <summary>
/// One file of a <see cref="MemoryFileSystem"/>: its bytes as a process sees them, and as the disk would hold them after a crash
/// that loses everything not synced. Guarded by its file system's lock.
/// </summary>
internal sealed class MemoryFile
{
    private byte[] _live = [];
    private byte[] _durable = [];
    private int _dirtyFrom = int.MaxValue;
    private int _dirtyTo;

    internal int Length { get; private set; }

    internal int DurableLength { get; private set; }

    internal ReadOnlySpan<byte> Live => _live.AsSpan(0, Length);

    internal static MemoryFile Holding(ReadOnlySpan<byte> bytes)
    {
        var file = new MemoryFile();
        file.Write(0, bytes);
        file.Sync();
        return file;
    }

    internal void Write(int offset, ReadOnlySpan<byte> bytes)
    {
        int end = offset + bytes.Length;
        if (end > Length)
            SetLength(end);
        bytes.CopyTo(_live.AsSpan(offset));
        MarkDirty(offset, end);
    }

    internal int Read(long offset, Span<byte> destination)
    {
        int count = (int)Math.Clamp(Length - offset, 0, destination.Length);
        if (count > 0)
            _live.AsSpan((int)offset, count).CopyTo(destination);
        return count;
    }

    internal void SetLength(int length)
    {
        if (length > _live.Length)
            Array.Resize(ref _live, Math.Max(length, Math.Min(_live.Length * 2, 1 << 30)));
        if (length < Length)
            Array.Clear(_live, length, Length - length);
        MarkDirty(Math.Min(length, Length), Math.Max(length, Length));
        Length = length;
    }

    internal void Sync()
    {
        if (_dirtyFrom < _dirtyTo)
        {
            if (_durable.Length < Length)
                Array.Resize(ref _durable, _live.Length);
            int to = Math.Min(_dirtyTo, Length);
            if (_dirtyFrom < to)
                Array.Copy(_live, _dirtyFrom, _durable, _dirtyFrom, to - _dirtyFrom);
        }

        DurableLength = Length;
        _dirtyFrom = int.MaxValue;
        _dirtyTo = 0;
    }

    internal void FlipBit(long bit) => _live[bit / 8] ^= (byte)(1 << (int)(bit % 8));

    /// <summary>The file as a crash may leave it: each piece that was written since the last sync is there or not.</summary>
    internal MemoryFile AfterCrash(CrashPlan plan)
    {
        if (_dirtyFrom >= _dirtyTo)
            return Holding(Live);
        int length = plan.Survives() ? Length : DurableLength;
        var bytes = new byte[length];
        int kept = Math.Min(length, DurableLength);
        Array.Copy(_durable, bytes, kept);
        int first = _dirtyFrom / plan.PieceBytes * plan.PieceBytes;
        for (int piece = first; piece < Math.Min(_dirtyTo, length); piece += plan.PieceBytes)
        {
            int end = Math.Min(Math.Min(piece + plan.PieceBytes, length), Length);
            if (end > piece && plan.Survives())
                Array.Copy(_live, piece, bytes, piece, end - piece);
        }

        return Holding(bytes);
    }

    private void MarkDirty(int from, int to)
    {
        _dirtyFrom = Math.Min(_dirtyFrom, from);
        _dirtyTo = Math.Max(_dirtyTo, to);
    }
}
