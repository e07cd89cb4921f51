using System.Diagnostics;
using KvStore.Storage;
using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;
using KvStore.Storage.Vfs;

namespace KvStore.Benchmarks.Engine;

/// <summary>One table alone, without an engine around it: nanoseconds an operation, for tuning.</summary>
internal static class TablesCommand
{
    public static int Run(string[] arguments)
    {
        int count = Argument(arguments, "--num", 500_000);
        var keys = new BenchKeys(16, Argument(arguments, "--value-size", 100));
        string directory = Directory.CreateTempSubdirectory("kv-tables").FullName;
        try
        {
            int restartInterval = Argument(arguments, "--restart-interval", 16);
            Measure(directory, keys, count, new EngineOptions { BlockRestartInterval = restartInterval });
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
        return 0;
    }

    private static void Measure(string directory, BenchKeys keys, int count, EngineOptions options)
    {
        var number = new FileNumber(1);
        string path = $"{directory}/{FileNames.Table(number)}";
        for (int round = 0; round < 3; round++)
        {
            File.Delete(path);
            Report("build", count, () => Build(path, number, keys, count, options));
            using var cache = new BlockCache(1L << 30);
            using (TableReader table = TableReader.Open(RealFileSystem.Instance, path, number, null))
            {
                Report("get, no cache", count, () => Get(table, keys, count, 16));
                Report("scan sequential", count, () => Scan(table, sequential: true));
            }
            using (TableReader table = TableReader.Open(RealFileSystem.Instance, path, number, cache))
            {
                Get(table, keys, count, 16);
                Report("get, cached", count, () => Get(table, keys, count, 16));
                Report("get, missing", count, () => Get(table, keys, count, 17));
                Report("scan, cached", count, () => Scan(table, sequential: false));
                Report("seek", count / 10, () => Seek(table, keys, count, 0));
                Report("seek + 100 next", count / 100, () => Seek(table, keys, count / 10, 100));
            }
        }
    }

    private static void Report(string name, int operations, Action run)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        run();
        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Console.WriteLine($"{name,-20} {nanoseconds,10:F1} ns  {(double)allocated / operations,8:F1} bytes allocated");
    }

    private static void Build(string path, FileNumber number, BenchKeys keys, int count, EngineOptions options)
    {
        using IWritableFile file = RealFileSystem.Instance.Create(path);
        using var builder = new TableBuilder(file, number, options);
        Span<byte> key = stackalloc byte[keys.KeySize + InternalKey.TrailerSize];
        key.Fill((byte)'0');
        for (int i = 0; i < count; i++)
        {
            BenchKeys.WriteNumber(key, i);
            InternalKey.Write(key, key[..keys.KeySize], new SequenceNumber((ulong)i + 1), ValueKind.Put);
            builder.Add(key, keys.Value(i));
        }
        builder.Finish();
    }

    private static void Get(TableReader table, BenchKeys keys, int count, int keySize)
    {
        var random = new BenchRandom(1);
        var sink = new CheckingSink(keys);
        Span<byte> lookup = stackalloc byte[keySize + InternalKey.TrailerSize];
        lookup.Fill((byte)'0');
        BitConverter.TryWriteBytes(lookup[keySize..], InternalKey.Pack(SequenceNumber.Max, ValueKind.Lookup));
        for (int i = 0; i < count; i++)
        {
            sink.Number = random.Below(count);
            BenchKeys.WriteNumber(lookup, sink.Number);
            table.Get(lookup, SequenceNumber.Zero, ref sink);
        }
        if (sink.Right != (keySize == 16 ? count : 0))
            throw new InvalidOperationException($"{sink.Right} of {count} values were right.");
    }

    private static void Scan(TableReader table, bool sequential)
    {
        using InternalIterator iterator = table.NewIterator(fillCache: true, sequential);
        long bytes = 0;
        for (iterator.SeekToFirst(); iterator.Valid; iterator.Next())
            bytes += iterator.Key.Length + iterator.Value.Length;
        if (bytes != table.Info.RawBytes)
            throw new InvalidOperationException($"A scan gave {bytes} bytes.");
    }

    private static void Seek(TableReader table, BenchKeys keys, int count, int nexts)
    {
        var random = new BenchRandom(1);
        Span<byte> lookup = stackalloc byte[keys.KeySize + InternalKey.TrailerSize];
        lookup.Fill((byte)'0');
        BitConverter.TryWriteBytes(lookup[keys.KeySize..], InternalKey.Pack(SequenceNumber.Max, ValueKind.Lookup));
        long bytes = 0;
        for (int i = 0; i < count / 10; i++)
        {
            using InternalIterator iterator = table.NewIterator();
            BenchKeys.WriteNumber(lookup, random.Below(table.Info.Entries));
            iterator.Seek(lookup);
            for (int step = 0; step < nexts && iterator.Valid; step++)
            {
                bytes += iterator.Key.Length + iterator.Value.Length;
                iterator.Next();
            }
        }
        GC.KeepAlive(bytes);
    }

    private static int Argument(string[] arguments, string name, int otherwise)
    {
        int at = Array.IndexOf(arguments, name);
        return at < 0 ? otherwise : int.Parse(arguments[at + 1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private struct CheckingSink(BenchKeys keys) : IValueSink
    {
        public long Number;
        public long Right;

        public void Accept(ReadOnlySpan<byte> value)
        {
            if (value.SequenceEqual(keys.Value(Number)))
                Right++;
        }
    }
}
