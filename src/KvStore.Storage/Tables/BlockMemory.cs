using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace KvStore.Storage.Tables;

/// <summary>Native memory for the contents of one block, with the padding that searches may read.</summary>
internal static unsafe class BlockMemory
{
    /// <summary>Memory for so many bytes and <see cref="TableFormat.BlockPadding"/> more.</summary>
    public static byte* Allocate(int length) => (byte*)NativeMemory.Alloc((nuint)AllocatedSize(length));

    public static void Free(byte* memory) => NativeMemory.Free(memory);

    /// <summary>Starts to bring a cache line near. Any address will do, even one that is no longer valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    /// <summary>Bytes that a block of a length occupies.</summary>
    public static int AllocatedSize(int length) => checked(length + TableFormat.BlockPadding);
}

/// <summary>
/// One block held in memory: pinned in the cache, or the holder's own. Whoever got it calls <see cref="Release"/> exactly once.
/// </summary>
internal readonly unsafe struct BlockPin(byte* start, int length, BlockCacheSlot* slot)
{
    public byte* Start => start;

    public int Length => length;

    public bool IsNone => start == null;

    /// <summary>The cache's slot that is pinned, or null.</summary>
    public BlockCacheSlot* Slot => slot;

    public BlockView View => BlockView.Of(start, length);

    public void Release()
    {
        if (slot != null)
            Interlocked.Decrement(ref slot->State);
        else
            BlockMemory.Free(start);
    }
}
