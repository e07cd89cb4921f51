using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>
/// Walks the entries of one block after another, both ways. Owned by one iterator; the block's memory is the owner's to keep
/// alive. No step allocates, except where a key is longer than any before.
///
/// 1. <see cref="Key"/> is a copy, put together from shared prefixes; <see cref="Value"/> points into the block.
/// 2. Going back, a whole restart interval is decoded once and then walked from its end, so that a step costs the same on average
///    as a step forward.
/// </summary>
internal sealed unsafe class BlockCursor
{
    private const int Slack = 16;

    private BlockView _block;
    private BlockEntry _entry;
    private byte* _at;          // the entry here; null when not positioned
    private byte[] _key = new byte[48];
    private int _keyLength;     // of the internal key
    private BackwardInterval? _backward;

    public bool Valid
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _at != null;
    }

    public ReadOnlySpan<byte> Key
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(_key), _keyLength);
    }

    public ReadOnlySpan<byte> Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_entry.Value, _entry.ValueLength);
    }

    /// <summary>Turns to another block and is not positioned in it.</summary>
    public void Reset(BlockView block)
    {
        _block = block;
        _at = null;
        _backward?.Clear(); // the new block may lie where the old one lay
    }

    // Each move returns false when an entry's lengths do not fit the block: the caller knows the file and offset to report.

    public bool SeekToFirst()
    {
        _at = null;
        return _block.RestartCount == 0 || ReadRestart(_block.Restart(0));
    }

    public bool SeekToLast()
    {
        _at = null;
        return _block.RestartCount == 0 || ReadIntervalBefore(_block.EntriesEnd);
    }

    /// <summary>To the first entry at or after an internal key; not positioned when there is none.</summary>
    public bool Seek(ReadOnlySpan<byte> internalKey)
    {
        _at = null;
        if (_block.RestartCount == 0)
            return true;
        fixed (byte* target = internalKey)
        {
            int length = internalKey.Length - InternalKey.TrailerSize;
            ulong trailer = Unsafe.ReadUnaligned<ulong>(target + length);
            int restart = BlockSearch.LastRestartBefore(_block, target, length, trailer);
            if (restart < 0 || !ReadRestart(_block.Restart(restart)))
                return false;
            while (_at != null && CompareHere(target, length, trailer) < 0)
                if (!Next())
                    return false;
            return true;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next()
    {
        byte* next = _entry.Next;
        if (next >= _block.EntriesEnd)
        {
            _at = null;
            return true;
        }
        return Read(next);
    }

    public bool Prev()
    {
        byte* here = _at;
        if (here == _block.Restart(0))
        {
            _at = null;
            return true;
        }
        if (_backward is { } interval && interval.TryStepBack(here, out byte* before))
        {
            _at = before;
            interval.Load(out _entry, _key, out _keyLength);
            return true;
        }
        return ReadIntervalBefore(here);
    }

    private int CompareHere(byte* target, int length, ulong trailer)
    {
        fixed (byte* key = _key)
            return BlockSearch.Compare(key, _keyLength - InternalKey.TrailerSize, _entry.Trailer, target, length, trailer);
    }

    private bool ReadRestart(byte* at)
    {
        _keyLength = InternalKey.TrailerSize;
        return Read(at);
    }

    // Decodes the entry at `at`, which follows the one whose key is held.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Read(byte* at)
    {
        if (!_entry.TryRead(at, _block.EntriesEnd) || _entry.Shared > _keyLength - InternalKey.TrailerSize)
        {
            _at = null;
            return false;
        }

        _at = at;
        int tail = _entry.SuffixLength + InternalKey.TrailerSize;
        int length = _entry.Shared + tail;
        _keyLength = length;
        if (length + Slack > _key.Length)
            Grow(length);
        ref byte destination = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_key), _entry.Shared);
        // A block is followed by enough readable bytes for a whole vector, and the key has slack for it.
        if (tail <= 16)
            Vector128.Load(_entry.Suffix).StoreUnsafe(ref destination);
        else
            Unsafe.CopyBlockUnaligned(ref destination, ref *_entry.Suffix, (uint)tail);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int length) => Array.Resize(ref _key, Math.Max(length + Slack, _key.Length * 2));

    // Decodes the restart interval that ends before `end` and stands on its last entry.
    private bool ReadIntervalBefore(byte* end)
    {
        int restart = _block.RestartCount - 1;
        while (restart > 0 && _block.Restart(restart) >= end)
            restart--;

        _backward ??= new BackwardInterval();
        _backward.Clear();
        for (bool read = ReadRestart(_block.Restart(restart)); ; read = Read(_entry.Next))
        {
            if (!read)
                return false;
            _backward.Append(_at, _entry, Key);
            if (_entry.Next >= end)
                return true;
        }
    }
}
