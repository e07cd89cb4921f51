using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Tests.Tables;

public sealed class TableReaderSpec
{
    private readonly TableFiles _files = new();

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(30)]
    public void Reads_of_cached_blocks_and_steps_of_an_iterator_allocate_nothing(int indexPartitionSize)
    {
        Entry[] entries = [.. Enumerable.Range(0, 2000).Select(i => Entry.Put($"key{i:D5}", 7, new string('v', 100)))];
        _files.Write(1, entries, new EngineOptions { IndexPartitionSize = indexPartitionSize });
        using var cache = new BlockCache(1 << 20);
        using TableReader table = _files.Open(1, cache);
        byte[] lookup = [.. entries[0].Key];
        using InternalIterator iterator = table.NewIterator();
        ReadAll(table, iterator, lookup);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int found = ReadAll(table, iterator, lookup);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((2 * entries.Length, 0L), (found, allocated));
    }

    private static int ReadAll(TableReader table, InternalIterator iterator, byte[] lookup)
    {
        int found = 0;
        for (iterator.SeekToFirst(); iterator.Valid; iterator.Next())
        {
            found++;
            iterator.Key.CopyTo(lookup);
            var sink = new LengthSink();
            if (table.Get(lookup, SequenceNumber.Zero, ref sink) == LookupState.Found && sink.Length == 100)
                found++;
        }
        return found;
    }

    private struct LengthSink : IValueSink
    {
        public int Length;

        public void Accept(ReadOnlySpan<byte> value) => Length = value.Length;
    }
}
