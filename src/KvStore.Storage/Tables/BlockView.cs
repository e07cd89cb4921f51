using System.Runtime.CompilerServices;

namespace KvStore.Storage.Tables;

/// <summary>
/// A block's contents in memory that somebody else keeps alive, taken apart: entries, then restart offsets, then their number.
/// <see cref="TryOpen"/> checks that structure, so that the accessors need not.
/// </summary>
internal readonly unsafe struct BlockView
{
    private readonly byte* _start;
    private readonly uint* _restarts;

    private BlockView(byte* start, uint* restarts, int restartCount)
    {
        _start = start;
        _restarts = restarts;
        RestartCount = restartCount;
    }

    public int RestartCount { get; }

    public byte* EntriesEnd => (byte*)_restarts;

    /// <summary>The entry at a restart point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Restart(int index) => _start + Unsafe.ReadUnaligned<uint>(_restarts + index);

    /// <summary>A view of contents that <see cref="TryOpen"/> has accepted before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockView Of(byte* start, int length)
    {
        int count = Unsafe.ReadUnaligned<int>(start + length - sizeof(uint));
        return new BlockView(start, (uint*)(start + length - sizeof(uint) * (count + 1L)), count);
    }

    /// <summary>False when the restart points do not fit the block.</summary>
    public static bool TryOpen(byte* start, int length, out BlockView view)
    {
        view = default;
        if (length < sizeof(uint))
            return false;
        int count = Unsafe.ReadUnaligned<int>(start + length - sizeof(uint));
        if (count < 0 || count > (length - sizeof(uint)) / sizeof(uint))
            return false;
        view = Of(start, length);
        uint entriesSize = (uint)(view.EntriesEnd - start);
        if ((count == 0) != (entriesSize == 0))
            return false;
        for (int index = 0; index < count; index++)
        {
            uint offset = Unsafe.ReadUnaligned<uint>(view._restarts + index);
            uint previous = index == 0 ? 0 : Unsafe.ReadUnaligned<uint>(view._restarts + index - 1);
            if (offset >= entriesSize || (index == 0 ? offset != 0 : offset <= previous))
                return false;
        }
        return true;
    }
}
