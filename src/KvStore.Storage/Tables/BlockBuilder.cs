using System.Buffers.Binary;
using System.Runtime.InteropServices;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>
/// Lays out one block: entries in order, each user key without the prefix that it shares with the one before, then the offsets of the
/// restart points (entries with their whole key, at which a search can begin), then their number. Owned by a
/// <see cref="TableBuilder"/>; one thread; reused from block to block.
///
/// 1. Between restart points an entry shares the longest prefix it can: searches rely on it (<see cref="BlockSearch"/>).
/// 2. The trailer of an entry is whole and follows its key's bytes.
/// </summary>
internal sealed class BlockBuilder(int restartInterval)
{
    private const int MaxHeaderSize = 15;

    private readonly List<uint> _restarts = [];
    private byte[] _buffer = new byte[8 * 1024];
    private int _length;
    private int _sinceRestart;

    public int Entries { get; private set; }

    /// <summary>Bytes that <see cref="Finish"/> will give.</summary>
    public int Size => _length + (_restarts.Count + 1) * sizeof(uint);

    /// <summary>Appends an entry.</summary>
    /// <param name="userKey">At or after the user key before it.</param>
    /// <param name="trailer">The eight bytes after the user key in an internal key.</param>
    /// <param name="value">Any bytes.</param>
    /// <param name="shared">Length of the longest prefix that the user key shares with the one before it in this block.</param>
    public void Add(ReadOnlySpan<byte> userKey, ulong trailer, ReadOnlySpan<byte> value, int shared)
    {
        if (Entries == 0 || _sinceRestart == restartInterval)
        {
            _restarts.Add((uint)_length);
            _sinceRestart = 0;
            shared = 0;
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
        foreach (uint restart in CollectionsMarshal.AsSpan(_restarts))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(at, restart);
            at = at[sizeof(uint)..];
        }
        BinaryPrimitives.WriteInt32LittleEndian(at, _restarts.Count);
        return _buffer.AsSpan(0, size);
    }

    public void Reset()
    {
        _restarts.Clear();
        _length = 0;
        _sinceRestart = 0;
        Entries = 0;
    }

    private Span<byte> Room(int size)
    {
        int needed = checked(_length + size);
        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(needed, _buffer.Length * 2L)));
        return _buffer.AsSpan(_length);
    }
}
