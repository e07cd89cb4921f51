using System.Text;
using KvStore.Storage.CommitLog;
using KvStore.Storage.Format;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.CommitLog;

public class SegmentReaderSpec
{
    private const string Path = "/7.log";
    private static readonly FileNumber Number = new(7);

    [Fact]
    public void Batches_come_back_in_order_and_whole()
    {
        byte[] segment = Write(writer =>
        {
            writer.AppendOne(new SequenceNumber(1), ValueKind.Put, "a"u8, "1"u8);
            writer.AppendOne(new SequenceNumber(2), ValueKind.Delete, "b"u8, default);
            writer.AppendEnd();
        });
        Assert.Equal((2, SegmentEnd.Finished), Read(segment));
    }

    [Fact]
    public void A_record_cut_at_any_byte_is_a_torn_tail_and_the_ones_before_it_stand()
    {
        byte[] one = Write(writer => writer.AppendOne(new SequenceNumber(1), ValueKind.Put, "a"u8, "1"u8));
        byte[] two = Write(writer =>
        {
            writer.AppendOne(new SequenceNumber(1), ValueKind.Put, "a"u8, "1"u8);
            writer.AppendOne(new SequenceNumber(2), ValueKind.Put, "b"u8, Encoding.ASCII.GetBytes(new string('v', 600)));
        });
        for (int cut = one.Length; cut < two.Length; cut++)
        {
            Assert.Equal(1, Read(two[..cut]).Batches);
            byte[] zeroed = [.. two[..cut], .. new byte[two.Length - cut]];
            Assert.Equal(1, Read(zeroed).Batches);
        }
    }

    [Fact]
    public void A_hole_before_records_that_nobody_was_promised_is_a_torn_tail()
    {
        byte[] segment = ThreeRecords(syncBetween: false, out long second, out long third);
        segment.AsSpan((int)second, (int)(third - second)).Clear();
        Assert.Equal((1, SegmentEnd.Clean), Read(segment));
    }

    [Fact]
    public void A_hole_in_what_was_durable_is_damage()
    {
        byte[] segment = ThreeRecords(syncBetween: true, out long second, out long third);
        segment.AsSpan((int)second, (int)(third - second)).Clear();
        CorruptionException damage = Assert.Throws<CorruptionException>(() => Read(segment));
        Assert.Equal(second, damage.Offset);
    }

    [Fact]
    public void Any_single_flipped_bit_in_the_last_record_is_told_from_a_torn_write()
    {
        byte[] segment = ThreeRecords(syncBetween: false, out _, out long third);
        for (int bit = (int)third * 8; bit < segment.Length * 8; bit++)
        {
            segment[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptionException>(() => Read(segment));
            segment[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void An_end_record_of_which_only_the_beginning_reached_the_disk_is_torn()
    {
        int end = 0;
        byte[] segment = Write(writer =>
        {
            writer.EarlierAreDurable();
            writer.AppendOne(new SequenceNumber(1), ValueKind.Put, "a"u8, "1"u8);
            end = (int)writer.End;
            writer.AppendEnd();
        });
        segment.AsSpan(end + 8).Clear();
        Assert.Equal((1, SegmentEnd.Torn), Read(segment));
    }

    [Fact]
    public void Records_left_from_a_segments_former_life_are_not_taken_for_its_own()
    {
        byte[] former = Write(writer =>
        {
            for (ulong i = 1; i <= 5; i++)
                writer.AppendOne(new SequenceNumber(i), ValueKind.Put, "key"u8, "value"u8);
        }, new FileNumber(3));
        byte[] own = Write(writer => writer.AppendOne(new SequenceNumber(9), ValueKind.Put, "key"u8, "value"u8));
        own.CopyTo(former, 0);
        Assert.Equal((1, SegmentEnd.Clean), Read(former));
    }

    [Fact]
    public void A_recycled_segment_that_was_never_written_again_holds_nothing() =>
        Assert.Equal((0, SegmentEnd.Clean),
            Read(Write(writer => writer.AppendOne(new SequenceNumber(1), ValueKind.Put, "a"u8, "1"u8), new FileNumber(3))));

    [Fact]
    public void A_newer_format_is_refused_by_name()
    {
        byte[] segment = Write(_ => { });
        segment[8] = 2;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(
            segment.AsSpan(28), Crc32C.Mask(Crc32C.Of(segment.AsSpan(0, 28))));
        UnsupportedFormatException refused = Assert.Throws<UnsupportedFormatException>(() => Read(segment));
        Assert.Contains("format is 2", refused.Message);
    }

    [Fact]
    public void The_format_on_disk_does_not_change()
    {
        byte[] segment = Write(writer =>
        {
            writer.EarlierAreDurable();
            writer.AppendOne(new SequenceNumber(1), ValueKind.Put, "key"u8, "value"u8);
            writer.AppendOne(new SequenceNumber(2), ValueKind.RangeDelete, "a"u8, "b"u8);
            writer.AppendEnd();
        });
        GoldenFiles.AreAsWritten("commit-log-v1.log", segment);
    }

    private static byte[] ThreeRecords(bool syncBetween, out long second, out long third)
    {
        long secondAt = 0, thirdAt = 0;
        byte[] segment = Write(writer =>
        {
            writer.AppendOne(new SequenceNumber(1), ValueKind.Put, "a"u8, "1"u8);
            secondAt = writer.End;
            writer.AppendOne(new SequenceNumber(2), ValueKind.Put, "b"u8, "2"u8);
            thirdAt = writer.End;
            if (syncBetween)
                writer.Sync();
            writer.AppendOne(new SequenceNumber(3), ValueKind.Put, "c"u8, "3"u8);
        });
        (second, third) = (secondAt, thirdAt);
        return segment;
    }

    private static byte[] Write(Action<SegmentWriter> write, FileNumber? number = null)
    {
        var files = new MemoryFileSystem();
        using (var writer = new SegmentWriter(files.Create(Path), number ?? Number))
            write(writer);
        using IRandomAccessFile file = files.OpenRead(Path);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    private static (int Batches, SegmentEnd End) Read(byte[] segment)
    {
        var reader = new SegmentReader(segment, Number, Path);
        int batches = 0;
        while (reader.TryRead(out _, out int count, out ReadOnlySpan<byte> operations))
        {
            Assert.Equal(1, count);
            Assert.True(Operations.TryRead(ref operations, out _, out _, out _));
            Assert.True(operations.IsEmpty);
            batches++;
        }

        return (batches, reader.End);
    }
}
