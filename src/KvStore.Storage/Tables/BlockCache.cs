using System.Numerics;
using System.Runtime.InteropServices;

namespace KvStore.Storage.Tables;

/// <summary>
/// Blocks of tables, checked and decompressed, kept in native memory within a fixed bound. Owned by the engine, shared by
/// its tables; any thread. Made of shards, each of which has its own lock, byte count and CLOCK hand.
///
/// 1. Finding a block takes no lock: it pins the slot by one atomic addition, and then looks whether the slot still holds that
///    block.
/// 2. A slot is emptied only from "live and not pinned", in one atomic step, under its shard's lock: pinned memory stays.
/// 3. The memory of all blocks here never exceeds the capacity. A block that finds no room, because all others are pinned, is
///    given to its reader alone and freed when that lets go.
/// 4. A block lives in the bucket of sixteen slots that its hash names, nowhere else; tags of one byte find it there.
/// </summary>
public sealed unsafe class BlockCache : IDisposable
{
    private const long SmallestShard = 4L << 20;
    private const int MostShards = 64;

    private readonly BlockCacheShard[] _shards;
    private readonly int _shardMask;
    private long _misses;
    private bool _disposed;

    /// <param name="capacityBytes">The most bytes of blocks to keep; 0 keeps none.</param>
    /// <param name="typicalBlockSize">What blocks are expected to measure: decides how many there may be.</param>
    public BlockCache(long capacityBytes, int typicalBlockSize = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacityBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(typicalBlockSize, 1);
        ulong wanted = BitOperations.RoundUpToPowerOf2((ulong)(capacityBytes / SmallestShard + 1)) / 2;
        int shards = (int)Math.Clamp(wanted, 1, MostShards);
        _shardMask = shards - 1;
        _shards = new BlockCacheShard[shards];
        for (int i = 0; i < shards; i++)
            _shards[i] = new BlockCacheShard(capacityBytes / shards, typicalBlockSize);
        CapacityBytes = capacityBytes;
    }

    public long CapacityBytes { get; }

    /// <summary>Bytes of blocks held now.</summary>
    public long UsedBytes => _shards.Sum(shard => shard.UsedBytes);

    /// <summary>Blocks found here. Counted without synchronisation: concurrent readers may lose some.</summary>
    public long Hits => _shards.Sum(shard => shard.Hits);

    /// <summary>Blocks that had to be read from their file; counted like <see cref="Hits"/>.</summary>
    public long Misses => Volatile.Read(ref _misses);

    /// <summary>Gives the block back to its pinner when it is here.</summary>
    internal bool TryPin(ulong file, long offset, out BlockPin pin)
    {
        ulong hash = Hash(file, offset);
        return ShardOf(hash).TryPin(hash, file, offset, out pin);
    }

    /// <summary>A block has to be read from its file.</summary>
    internal void NoteMiss() => _misses++;

    /// <summary>Takes over a block that was just read, unless somebody else was faster, and pins it.</summary>
    /// <param name="memory">From <see cref="BlockMemory.Allocate"/>; belongs to the cache from here on.</param>
    internal BlockPin Insert(ulong file, long offset, byte* memory, int length)
    {
        ulong hash = Hash(file, offset);
        return ShardOf(hash).Insert(hash, file, offset, memory, length);
    }

    /// <summary>Frees all blocks. The caller has let go of all of them.</summary>
    /// <exception cref="InvalidOperationException">A block is still pinned; its shard's memory was left as it is.</exception>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        int pinned = _shards.Sum(shard => shard.Free());
        if (pinned > 0)
            throw new InvalidOperationException($"The block cache was closed while {pinned} blocks were in use.");
    }

    private BlockCacheShard ShardOf(ulong hash) => _shards[(int)(hash >> 8) & _shardMask];

    private static ulong Hash(ulong file, long offset)
    {
        ulong high = Math.BigMul(file ^ 0x9E3779B97F4A7C15, (ulong)offset ^ 0xD6E8FEB86659FD93, out ulong low);
        high = Math.BigMul(high ^ low, 0xA0761D6478BD642F, out low);
        return high ^ low;
    }
}
