using KvStore.Storage.CommitLog;
using KvStore.Storage.Format;

namespace KvStore.Storage;

/// <summary>
/// Operations that are done together: after a crash all of them are there or none, and no read sees a part. Later operations win
/// over earlier ones of the same key. Not thread-safe; may be cleared and used again.
/// </summary>
public sealed class WriteBatch
{
    private byte[] _buffer = [];
    private int _length;

    /// <summary>Operations so far.</summary>
    public int Count { get; private set; }

    /// <summary>Encoded bytes so far.</summary>
    public int Bytes => _length;

    /// <summary>Longest key and value so far, checked against the store's limits when it is written.</summary>
    internal int LongestKey { get; private set; }

    internal int LongestValue { get; private set; }

    /// <summary>Nothing but deletes: allowed when the disk is full.</summary>
    internal bool OnlyDeletes { get; private set; } = true;

    internal ReadOnlySpan<byte> Operations => _buffer.AsSpan(0, _length);

    public WriteBatch Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        OnlyDeletes = false;
        LongestValue = Math.Max(LongestValue, value.Length);
        return Add(ValueKind.Put, key, value);
    }

    public WriteBatch Delete(ReadOnlySpan<byte> key) => Add(ValueKind.Delete, key, default);

    /// <summary>Deletes every key from <paramref name="begin"/> up to, and without, <paramref name="end"/>.</summary>
    public WriteBatch DeleteRange(ReadOnlySpan<byte> begin, ReadOnlySpan<byte> end)
    {
        if (begin.SequenceCompareTo(end) >= 0)
            throw new ArgumentException(
                "The range is empty: its begin must be before its end. Nothing was changed.", nameof(begin));
        LongestKey = Math.Max(LongestKey, end.Length);
        return Add(ValueKind.RangeDelete, begin, end);
    }

    public void Clear()
    {
        _length = 0;
        Count = 0;
        LongestKey = LongestValue = 0;
        OnlyDeletes = true;
    }

    private WriteBatch Add(ValueKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.IsEmpty)
            throw new InvalidKeyException("A key must have at least one byte. Nothing was changed.");
        LongestKey = Math.Max(LongestKey, key.Length);
        int most = CommitLog.Operations.MaxSize(key.Length, value.Length);
        if (_buffer.Length - _length < most)
            Array.Resize(ref _buffer,
                checked(Math.Max(_length + most, Math.Max(256, (int)Math.Min(2L * _buffer.Length, Array.MaxLength)))));
        _length += CommitLog.Operations.Write(_buffer.AsSpan(_length), kind, key, value);
        Count++;
        return this;
    }
}
