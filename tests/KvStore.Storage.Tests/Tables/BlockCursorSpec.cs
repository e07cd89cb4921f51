using KvStore.Storage.Format;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Tests.Tables;

public sealed unsafe class BlockCursorSpec
{
    [Fact]
    public void Going_back_in_a_block_that_took_another_ones_place_gives_its_own_entries()
    {
        byte[] first = BlockOf("a1", "a2", "a3"), second = BlockOf("b1", "b2", "b3");
        fixed (byte* memory = new byte[first.Length + TableFormat.BlockPadding])
        {
            var cursor = new BlockCursor();
            first.CopyTo(new Span<byte>(memory, first.Length));
            cursor.Reset(BlockView.Of(memory, first.Length));
            Assert.True(cursor.SeekToLast());
            Assert.True(cursor.Prev());

            second.CopyTo(new Span<byte>(memory, second.Length));
            cursor.Reset(BlockView.Of(memory, second.Length));
            Assert.True(cursor.SeekToFirst());
            Assert.True(cursor.Next());
            Assert.True(cursor.Prev());

            Assert.Equal("b1"u8, InternalKey.UserKey(cursor.Key));
        }
    }

    [Fact]
    public void An_empty_block_has_no_position()
    {
        byte[] empty = BlockOf();
        fixed (byte* memory = empty)
        {
            var cursor = new BlockCursor();
            cursor.Reset(BlockView.Of(memory, empty.Length));
            Assert.True(cursor.SeekToFirst() && cursor.SeekToLast() && cursor.Seek(Entry.Put("a", 1, "").Key));
            Assert.False(cursor.Valid);
        }
    }

    private static byte[] BlockOf(params string[] keys)
    {
        var builder = new BlockBuilder(16);
        foreach (string key in keys)
            builder.Add(Entry.Bytes(key), InternalKey.Pack(new SequenceNumber(1), ValueKind.Put), "v"u8);
        return builder.Finish().ToArray();
    }
}
