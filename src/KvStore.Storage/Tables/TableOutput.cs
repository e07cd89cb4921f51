using System.Buffers.Binary;
using KvStore.Storage.Format;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tables;

/// <summary>
/// Writes blocks one behind the other, gathered into large appends. Owned by a <see cref="TableBuilder"/>; one thread. Neither
/// syncs nor closes the file.
/// </summary>
internal sealed class TableOutput(IWritableFile file, FileNumber number)
{
    private const int BufferSize = 256 * 1024;

    private byte[] _buffer = new byte[BufferSize];
    private byte[] _compressed = [];
    private int _pending;
    private long _written;

    /// <summary>Where the next block goes.</summary>
    public long Position => _written + _pending;

    public BlockLocation WriteBlock(ReadOnlySpan<byte> contents, Compression compression)
    {
        if (contents.Length > TableFormat.MaxBlockSize)
            throw new ArgumentException(
                $"A block of {contents.Length} bytes is over the limit of {TableFormat.MaxBlockSize}.", nameof(contents));
        ReadOnlySpan<byte> stored = contents;
        if (compression != Compression.None && BlockCodec.TryCompress(contents, ref _compressed, out int size))
            stored = _compressed.AsSpan(0, size);
        else
            compression = Compression.None;

        var location = new BlockLocation(Position, stored.Length);
        Span<byte> at = Room(stored.Length + TableFormat.BlockTrailerSize);
        stored.CopyTo(at);
        at[stored.Length] = (byte)compression;
        uint checksum = BlockCodec.Checksum(at[..(stored.Length + 1)], number, location.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(at[(stored.Length + 1)..], checksum);
        _pending += stored.Length + TableFormat.BlockTrailerSize;
        return location;
    }

    public void WriteFooter(TableFooter footer)
    {
        footer.Write(Room(TableFormat.FooterSize));
        _pending += TableFormat.FooterSize;
        Drain();
    }

    private Span<byte> Room(int size)
    {
        if (_pending + size > _buffer.Length)
            Drain();
        if (size > _buffer.Length)
            _buffer = new byte[size];
        return _buffer.AsSpan(_pending, size);
    }

    private void Drain()
    {
        file.Append(_buffer.AsSpan(0, _pending));
        _written += _pending;
        _pending = 0;
    }
}
