using System.Buffers;
using System.Diagnostics;
using KvStore.Core.Identity;
using KvStore.Wire;

namespace KvStore.Benchmarks.Core;

/// <summary>
/// Time, processor time (which other work on the machine disturbs less) and garbage of encoding and decoding a put of one kilobyte.
/// </summary>
internal static class CodecTiming
{
    private const int Batch = 10_000;

    public static IEnumerable<CoreFigure> Measure(TimeSpan length)
    {
        var key = new BucketKey(BucketName.Default, Key.Of("user:1234567890"));
        var put = new ClientProtocol.Put(new RequestId(0xABCDEF, 7), key, new byte[1024], TimeSpan.FromSeconds(5));
        var bytes = WireCodec.Encode(put);
        var manifest = WireCodec.ManifestOf(put);
        var buffer = new ArrayBufferWriter<byte>(4096);
        yield return Time("encode put 1 KiB to an array", length, () => WireCodec.Encode(put));
        yield return Time("encode put 1 KiB to a buffer", length, () =>
        {
            buffer.ResetWrittenCount();
            WireCodec.Encode(put, buffer);
        });
        yield return Time("decode put 1 KiB", length, () => WireCodec.Decode(manifest, bytes));
    }

    private static CoreFigure Time(string name, TimeSpan length, Action action)
    {
        Repeat(action, TimeSpan.FromSeconds(1));
        var garbage = GC.GetAllocatedBytesForCurrentThread();
        var processor = Environment.CpuUsage.TotalTime;
        var (times, elapsed) = Repeat(action, length);
        processor = Environment.CpuUsage.TotalTime - processor;
        garbage = GC.GetAllocatedBytesForCurrentThread() - garbage;
        return new CoreFigure(
            name,
            ("nanoseconds", elapsed.TotalNanoseconds / times),
            ("processorNanoseconds", processor.TotalNanoseconds / times),
            ("garbageBytes", (double)garbage / times));
    }

    private static (long Times, TimeSpan Elapsed) Repeat(Action action, TimeSpan length)
    {
        var times = 0L;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < length)
        {
            for (var i = 0; i < Batch; i++)
                action();
            times += Batch;
        }

        return (times, watch.Elapsed);
    }
}
