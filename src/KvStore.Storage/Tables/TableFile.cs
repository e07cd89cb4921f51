using System.Runtime.CompilerServices;
using KvStore.Storage.Format;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tables;

/// <summary>
/// The open file of one table: reads blocks from the cache or the disk, and lets no block through whose checksum is wrong. Owned
/// by a <see cref="TableReader"/>; any thread.
/// </summary>
internal sealed unsafe class TableFile(IRandomAccessFile file, FileNumber number, BlockCache? cache) : IDisposable
{
    private readonly ulong _number = number.Value;

    public string Path => file.Path;

    public long Length { get; } = file.Length;

    public FileNumber Number => number;

    /// <summary>A block with restart points, from the cache where it is there; else it is read and, if asked, kept
    /// there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BlockPin Pin(BlockLocation location, bool fillCache)
    {
        if (cache is null)
            return Read(location, null);
        if (cache.TryPin(_number, location.Offset, out BlockPin pin))
            return pin;
        cache.NoteMiss();
        return Read(location, fillCache ? cache : null);
    }

    /// <summary>
    /// Like <see cref="Pin(BlockLocation, bool)"/>, but goes straight to the cache's slot where the block was the last time, and
    /// brings near, at once rather than one after the other, the lines that a search will touch first: those of the index of
    /// points.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BlockPin Pin(IndexedBlock* block, bool fillCache)
    {
        if (TryPinHinted(block, out BlockPin pin))
            return pin;
        pin = Pin(block->Location, fillCache);
        block->Slot = pin.Slot;
        block->Memory = pin.Start;
        return pin;
    }

    /// <summary>Pins a block that is in the cache; false: it is not.</summary>
    public bool TryPinCached(BlockLocation location, out BlockPin pin)
    {
        pin = default;
        return cache is not null && cache.TryPin(_number, location.Offset, out pin);
    }

    /// <summary>Like <see cref="TryPinCached(BlockLocation, out BlockPin)"/>, by way of <see cref="Pin(IndexedBlock*,
    /// bool)"/>.</summary>
    public bool TryPinCached(IndexedBlock* block, out BlockPin pin)
    {
        if (TryPinHinted(block, out pin))
            return true;
        if (!TryPinCached(block->Location, out pin))
            return false;
        block->Slot = pin.Slot;
        block->Memory = pin.Start;
        return true;
    }

    /// <summary>A block with restart points, from the disk; nothing is cached.</summary>
    public BlockPin Read(BlockLocation location) => Read(location, null);

    /// <summary>A block without restart points, from the disk: the caller knows what its bytes mean.</summary>
    public BlockPin ReadRaw(BlockLocation location)
    {
        byte* memory = BlockMemory.Allocate(location.Size); // the padding has room for the trailer
        try
        {
            ReadExactly(location.Offset, new Span<byte>(memory, location.Size + TableFormat.BlockTrailerSize));
            return Unpack(location, memory);
        }
        catch
        {
            BlockMemory.Free(memory);
            throw;
        }
    }

    /// <summary>Fills the span from an offset of the file.</summary>
    public void ReadExactly(long offset, Span<byte> destination)
    {
        int read = file.Read(offset, destination);
        if (read != destination.Length)
            throw Damaged(offset, $"the file ends after {read} of the {destination.Length} bytes that should be there");
    }

    /// <summary>Checks a stored block in memory, five bytes after it included, and says how it is compressed.</summary>
    public Compression Check(BlockLocation location, byte* stored)
    {
        uint expected = Unsafe.ReadUnaligned<uint>(stored + location.Size + 1);
        if (BlockCodec.Checksum(new ReadOnlySpan<byte>(stored, location.Size + 1), number, location.Offset) != expected)
            throw Damaged(location.Offset, $"the checksum of a block of {location.Size} bytes does not match");
        return (Compression)stored[location.Size];
    }

    /// <summary>Checks that a block has the form of one with restart points.</summary>
    public void CheckStructure(BlockLocation location, byte* contents, int length)
    {
        if (!BlockView.TryOpen(contents, length, out _))
            throw Damaged(location.Offset, "the block's restart points do not fit it");
    }

    /// <summary>Decompresses a stored and checked block into memory of its own.</summary>
    public BlockPin Decompress(BlockLocation location, byte* stored, Compression compression)
    {
        var bytes = new ReadOnlySpan<byte>(stored, location.Size);
        if (compression != Compression.Brotli)
            throw new UnsupportedFormatException(
                Path, $"the block at offset {location.Offset} uses compression {(byte)compression}, unknown here");
        if (!BlockCodec.TryReadLength(bytes, out int length))
            throw Damaged(location.Offset, "a compressed block's length is out of range");
        byte* contents = BlockMemory.Allocate(length);
        if (BlockCodec.TryDecompress(bytes, new Span<byte>(contents, length)))
            return new BlockPin(contents, length, null);
        BlockMemory.Free(contents);
        throw Damaged(location.Offset, "a compressed block does not decompress");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryPinHinted(IndexedBlock* block, out BlockPin pin)
    {
        BlockCacheSlot* slot = block->Slot;
        if (slot != null)
        {
            byte* end = block->Memory + block->Location.Size;
            BlockMemory.Prefetch(end - 1);
            BlockMemory.Prefetch(end - 65);
            BlockMemory.Prefetch(end - 129);
            if (slot->TryPin(_number, block->Location.Offset))
            {
                pin = new BlockPin(slot->Memory, slot->Length, slot);
                return true;
            }
        }

        pin = default;
        return false;
    }

    public CorruptionException Damaged(long offset, string detail) => new(file.Path, offset, detail);

    public void Dispose() => file.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private BlockPin Read(BlockLocation location, BlockCache? keeper)
    {
        BlockPin block = ReadRaw(location);
        try
        {
            CheckStructure(location, block.Start, block.Length);
        }
        catch
        {
            block.Release();
            throw;
        }
        return keeper is null ? block : keeper.Insert(_number, location.Offset, block.Start, block.Length);
    }

    // Takes over the memory of a stored block, unless it throws.
    private BlockPin Unpack(BlockLocation location, byte* stored)
    {
        Compression compression = Check(location, stored);
        if (compression == Compression.None)
            return new BlockPin(stored, location.Size, null);
        BlockPin contents = Decompress(location, stored, compression);
        BlockMemory.Free(stored);
        return contents;
    }
}
