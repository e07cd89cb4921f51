using System.Buffers.Binary;
using System.Runtime.InteropServices;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>
/// Lays out one block: entries in order, each user key without the prefix that it shares with the restart point before it; for a
/// data block an index of points (where each entry is, and eight bits of its key's hash); the offsets of the restart points
/// (entries with their whole key, at which a search can begin). Owned by a <see cref="TableBuilder"/>; one thread; reused from
/// block to block.
///
/// 1. An entry shares the longest prefix it can with its restart point: searches rely on it (<see cref="BlockSearch"/>). So an
///    entry can be read without those between, and what entries share only gets shorter up to the next restart point.
/// 2. The trailer of an entry is whole and follows its key's bytes.
/// 3. A block in which an entry lies beyond 64 KiB has no index of points.
/// </summary>
internal sealed class BlockBuilder(int restartInterval, bool pointIndex = false)
{
    private const int MaxHeaderSize = 15;
    private const int PointSize = sizeof(ushort) + sizeof(byte);

    private readonly List<uint> _restarts = [];
    private readonly List<ushort> _offsets = [];
    private readonly List<byte> _tags = [];
    private byte[] _buffer = new byte[8 * 1024];
    private byte[] _restartKey = new byte[64];
    private int _restartKeyLength;
    private int _length;
    private int _lastOffset;
    private int _sinceRestart;

    public int Entries { get; private set; }

    /// <summary>Bytes that <see cref="Finish"/> will give.</summary>
    public int Size => _length + (HasPointIndex ? Entries * PointSize + sizeof(uint) : 0) + (_restarts.Count + 1) * sizeof(uint);

    private bool HasPointIndex => pointIndex && Entries > 0 && _lastOffset <= ushort.MaxValue;

    /// <summary>Appends an entry.</summary>
    /// <param name="userKey">At or after the user key before it.</param>
    /// <param name="trailer">The eight bytes after the user key in an internal key.</param>
    /// <param name="value">Any bytes.</param>
    /// <param name="tag">Eight bits of the key's hash (<see cref="BlockSearch.TagOf"/>), for an index of points.</param>
    public void Add(ReadOnlySpan<byte> userKey, ulong trailer, ReadOnlySpan<byte> value, byte tag = 0)
    {
        int shared = 0;
        if (Entries == 0 || _sinceRestart == restartInterval)
            BeginRestart(userKey);
        else
            shared = userKey.CommonPrefixLength(_restartKey.AsSpan(0, _restartKeyLength));

        _lastOffset = _length;
        if (pointIndex)
        {
            _offsets.Add((ushort)_length);
            _tags.Add(tag);
        }
        ReadOnlySpan<byte> suffix = userKey[shared..];
        Span<byte> at = Room(MaxHeaderSize + suffix.Length + InternalKey.TrailerSize + value.Length);
        int size = Varint.Write(at, (ulong)shared);
        size += Varint.Write(at[size..], (ulong)suffix.Length);
        size += Varint.Write(at[size..], (ulong)value.Length);
        suffix.CopyTo(at[size..]);
        size += suffix.Length;
        BinaryPrimitives.WriteUInt64LittleEndian(at[size..], trailer);
        size += InternalKey.TrailerSize;
        value.CopyTo(at[size..]);
        _length += size + value.Length;
        _sinceRestart++;
        Entries++;
    }

    /// <summary>The block's contents, valid until the next <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        int size = Size;
        Span<byte> at = Room(size - _length);
        if (HasPointIndex)
        {
            MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_offsets)).CopyTo(at);
            at = at[(Entries * sizeof(ushort))..];
            CollectionsMarshal.AsSpan(_tags).CopyTo(at);
            at = at[Entries..];
        }
        foreach (uint restart in CollectionsMarshal.AsSpan(_restarts))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(at, restart);
            at = at[sizeof(uint)..];
        }
        if (HasPointIndex)
        {
            BinaryPrimitives.WriteInt32LittleEndian(at, Entries);
            at = at[sizeof(uint)..];
        }
        BinaryPrimitives.WriteUInt32LittleEndian(at, (uint)_restarts.Count | (HasPointIndex ? BlockView.PointIndexFlag : 0));
        return _buffer.AsSpan(0, size);
    }

    public void Reset()
    {
        _restarts.Clear();
        _offsets.Clear();
        _tags.Clear();
        _length = 0;
        _sinceRestart = 0;
        Entries = 0;
    }

    private void BeginRestart(ReadOnlySpan<byte> userKey)
    {
        _restarts.Add((uint)_length);
        _sinceRestart = 0;
        if (userKey.Length > _restartKey.Length)
            _restartKey = new byte[userKey.Length * 2];
        userKey.CopyTo(_restartKey);
        _restartKeyLength = userKey.Length;
    }

    private Span<byte> Room(int size)
    {
        int needed = checked(_length + size);
        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(needed, _buffer.Length * 2L)));
        return _buffer.AsSpan(_length);
    }
}
