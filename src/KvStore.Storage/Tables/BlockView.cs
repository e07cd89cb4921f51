using System.Runtime.CompilerServices;

namespace KvStore.Storage.Tables;

/// <summary>
/// A block's contents in memory that somebody else keeps alive, taken apart: entries, the index of points if it has one, restart
/// offsets. <see cref="TryOpen"/> checks that structure, so that the accessors need not.
/// </summary>
internal readonly unsafe struct BlockView
{
    /// <summary>Set in a block's last word, beside the number of restart points, when the block has an index of points.</summary>
    public const uint PointIndexFlag = 1u << 31;

    private const int PointSize = sizeof(ushort) + sizeof(byte);

    private readonly byte* _start;
    private readonly uint* _restarts;

    private BlockView(byte* start, uint* restarts, int restartCount, int pointCount)
    {
        _start = start;
        _restarts = restarts;
        RestartCount = restartCount;
        PointCount = pointCount;
    }

    public int RestartCount { get; }

    /// <summary>Entries in the index of points: all, or 0 when there is no such index.</summary>
    public int PointCount { get; }

    public byte* EntriesEnd => (byte*)_restarts - (long)PointCount * PointSize;

    /// <summary>One byte of hash for each entry, in their order; readable to the next multiple of 32.</summary>
    public byte* Tags => (byte*)_restarts - PointCount;

    /// <summary>The entry at a restart point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Restart(int index) => _start + Unsafe.ReadUnaligned<uint>(_restarts + index);

    /// <summary>The entry of an ordinal, by the index of points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Point(int ordinal) => _start + Unsafe.ReadUnaligned<ushort>((ushort*)EntriesEnd + ordinal);

    /// <summary>A view of contents that <see cref="TryOpen"/> has accepted before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockView Of(byte* start, int length)
    {
        byte* end = start + length - sizeof(uint);
        uint word = Unsafe.ReadUnaligned<uint>(end);
        int points = 0;
        if ((word & PointIndexFlag) != 0)
        {
            end -= sizeof(uint);
            points = Unsafe.ReadUnaligned<int>(end);
        }
        int restarts = (int)(word & ~PointIndexFlag);
        return new BlockView(start, (uint*)(end - sizeof(uint) * (long)restarts), restarts, points);
    }

    /// <summary>False when the index of points or the restart points do not fit the block.</summary>
    public static bool TryOpen(byte* start, int length, out BlockView view)
    {
        view = default;
        if (length < 2 * sizeof(uint))
            return length == sizeof(uint) && Unsafe.ReadUnaligned<uint>(start) == 0;
        view = Of(start, length);
        if (view.PointCount < 0 || view.EntriesEnd < start)
            return false;
        uint entriesSize = (uint)(view.EntriesEnd - start);
        if ((view.RestartCount == 0) != (entriesSize == 0))
            return false;
        for (int index = 0; index < view.RestartCount; index++)
        {
            uint offset = Unsafe.ReadUnaligned<uint>(view._restarts + index);
            uint previous = index == 0 ? 0 : Unsafe.ReadUnaligned<uint>(view._restarts + index - 1);
            if (offset >= entriesSize || (index == 0 ? offset != 0 : offset <= previous))
                return false;
        }
        return true;
    }
}
