using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KvStore.Storage.Tables;

/// <summary>A place for one block in a <see cref="BlockCacheShard"/>, in native memory, one cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct BlockCacheSlot
{
    /// <summary>Added to <see cref="State"/> while the slot holds a block; the rest of it counts pins.</summary>
    public const long Live = 1L << 40;

    /// <summary>The most that <see cref="Uses"/> says: how many times the CLOCK hand passes a block by that nobody asks
    /// for.</summary>
    public const int MostUses = 3;

    public long State;
    public ulong File;
    public long Offset;
    public byte* Memory;
    public int Length;
    public int Uses;

    /// <summary>How often this block was found. Written beside <see cref="State"/>, whose cache line the finder owns at that
    /// moment.</summary>
    public long Hits;

    /// <summary>Pins the block if this slot holds it. Safe at any time: a pin on a slot without a block is only counted and taken
    /// back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPin(ulong file, long offset)
    {
        if (File != file || Offset != offset)
            return false;
        // While it is live and pinned, a slot's other fields do not change: they may be read after this.
        long before = Interlocked.Increment(ref State) - 1;
        if (before >= Live && File == file && Offset == offset)
        {
            Hits++;
            if (Uses != MostUses)
                Uses = MostUses;
            return true;
        }
        Interlocked.Decrement(ref State);
        return false;
    }

    /// <summary>Makes a filled slot visible and pins it for the caller.</summary>
    public void Publish() => Interlocked.Add(ref State, Live + 1);

    /// <summary>Takes the block out if nobody has pinned it; from then on no pin succeeds.</summary>
    public bool TryRetire() => Interlocked.CompareExchange(ref State, 0, Live) == Live;
}
