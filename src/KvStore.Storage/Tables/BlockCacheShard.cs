using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KvStore.Storage.Tables;

/// <summary>
/// A part of a <see cref="BlockCache"/>, which owns it and states the rules. Looking up takes no lock; everything that changes
/// what is here does. A bucket has a line of sixteen tags, compared at once; tag 0 is an empty slot.
/// </summary>
internal sealed unsafe class BlockCacheShard
{
    private const int SlotsPerBucket = 16;

    private readonly Lock _lock = new();
    private readonly long _capacity;
    private readonly uint _bucketCount;
    private readonly byte* _tags;
    private readonly void* _slotMemory;
    private readonly BlockCacheSlot* _slots;
    private uint _hand;     // the slot that the CLOCK hand comes to next
    private long _used;
    private long _evictedHits;

    public BlockCacheShard(long capacity, int typicalBlockSize)
    {
        // Half as many slots again as blocks are expected, so that few buckets are full before the bytes run out.
        long slots = Math.Min(capacity / BlockMemory.AllocatedSize(typicalBlockSize) * 3 / 2, int.MaxValue / 64);
        _capacity = capacity;
        _bucketCount = (uint)Math.Max(1, (slots + SlotsPerBucket - 1) / SlotsPerBucket);
        _tags = (byte*)NativeMemory.AllocZeroed(_bucketCount, SlotsPerBucket);
        // Fresh zero pages cost nothing until they are used; the slots are set to whole cache lines by hand for that.
        nuint bytes = (nuint)_bucketCount * SlotsPerBucket * (nuint)sizeof(BlockCacheSlot);
        _slotMemory = NativeMemory.AllocZeroed(bytes + (nuint)sizeof(BlockCacheSlot));
        nuint line = (nuint)sizeof(BlockCacheSlot);
        _slots = (BlockCacheSlot*)(((nuint)_slotMemory + line - 1) & ~(line - 1));
    }

    public long UsedBytes => Volatile.Read(ref _used);

    public long Hits
    {
        get
        {
            lock (_lock)
            {
                long hits = _evictedHits;
                for (uint index = 0; index < _bucketCount * SlotsPerBucket; index++)
                    if (_tags[index] != 0)
                        hits += _slots[index].Hits;
                return hits;
            }
        }
    }

    public bool TryPin(ulong hash, ulong file, long offset, out BlockPin pin)
    {
        BlockCacheSlot* slot = Find(hash, file, offset);
        if (slot == null)
        {
            pin = default;
            return false;
        }
        pin = new BlockPin(slot->Memory, slot->Length, slot);
        return true;
    }

    public BlockPin Insert(ulong hash, ulong file, long offset, byte* memory, int length)
    {
        int charge = BlockMemory.AllocatedSize(length);
        lock (_lock)
        {
            BlockCacheSlot* slot = Find(hash, file, offset);
            if (slot != null)
            {
                BlockMemory.Free(memory);
                return new BlockPin(slot->Memory, slot->Length, slot);
            }

            if (charge > _capacity || !MakeRoom(charge) || (slot = EmptySlot(hash)) == null)
                return new BlockPin(memory, length, null);
            slot->File = file;
            slot->Offset = offset;
            slot->Memory = memory;
            slot->Length = length;
            slot->Uses = 1;
            slot->Hits = 0;
            _used += charge;
            slot->Publish();
            _tags[slot - _slots] = TagOf(hash);
            return new BlockPin(memory, length, slot);
        }
    }

    /// <summary>Frees everything, unless something is pinned.</summary>
    /// <returns>How many blocks are pinned.</returns>
    public int Free()
    {
        lock (_lock)
        {
            int pinned = 0;
            for (uint index = 0; index < _bucketCount * SlotsPerBucket; index++)
                if (_tags[index] != 0 && !TryEvict(index))
                    pinned++;
            if (pinned == 0)
            {
                NativeMemory.Free(_tags);
                NativeMemory.Free(_slotMemory);
            }
            return pinned;
        }
    }

    // Finds and pins.
    private BlockCacheSlot* Find(ulong hash, ulong file, long offset)
    {
        uint first = BucketOf(hash) * SlotsPerBucket;
        Vector128<byte> tags = Vector128.Load(_tags + first);
        uint candidates = Vector128.Equals(tags, Vector128.Create(TagOf(hash))).ExtractMostSignificantBits();
        for (; candidates != 0; candidates &= candidates - 1)
        {
            BlockCacheSlot* slot = _slots + first + BitOperations.TrailingZeroCount(candidates);
            if (slot->TryPin(file, offset))
                return slot;
        }
        return null;
    }

    // Turns the hand until so many bytes are free; false when everything left is pinned.
    private bool MakeRoom(int charge)
    {
        uint slots = _bucketCount * SlotsPerBucket;
        for (long steps = (BlockCacheSlot.MostUses + 1L) * slots; _used + charge > _capacity; steps--)
        {
            if (steps == 0)
                return false;
            uint index = _hand;
            _hand = index + 1 == slots ? 0 : index + 1;
            if (_tags[index] == 0)
                continue;
            if (_slots[index].Uses > 0)
                _slots[index].Uses--;
            else
                TryEvict(index);
        }
        return true;
    }

    // An empty slot of the hash's bucket, emptied first if it must be; null when all sixteen are pinned.
    private BlockCacheSlot* EmptySlot(ulong hash)
    {
        uint first = BucketOf(hash) * SlotsPerBucket;
        uint empty = Vector128.Equals(Vector128.Load(_tags + first), Vector128<byte>.Zero).ExtractMostSignificantBits();
        if (empty != 0)
            return _slots + first + BitOperations.TrailingZeroCount(empty);

        for (int uses = 0; uses <= BlockCacheSlot.MostUses; uses++)
            for (uint index = first; index < first + SlotsPerBucket; index++)
                if (_slots[index].Uses <= uses && TryEvict(index))
                    return _slots + index;
        return null;
    }

    private bool TryEvict(uint index)
    {
        BlockCacheSlot* slot = _slots + index;
        if (!slot->TryRetire())
            return false;
        _tags[index] = 0;
        _used -= BlockMemory.AllocatedSize(slot->Length);
        _evictedHits += slot->Hits;
        BlockMemory.Free(slot->Memory);
        return true;
    }

    private uint BucketOf(ulong hash) => (uint)((hash >> 32) * _bucketCount >> 32);

    private static byte TagOf(ulong hash) => (byte)Math.Max(1, (int)(hash & 0xFF));
}
