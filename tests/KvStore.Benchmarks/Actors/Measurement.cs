using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace KvStore.Benchmarks.Actors;

/// <summary>
/// One figure: operations in a stretch of time, with the CPU time of both processes and this one's allocation per operation, and
/// latencies where each operation was timed.
/// </summary>
internal sealed record Measurement(
    string Name, long Operations, TimeSpan Elapsed, double CpuMicroseconds, double Bytes, double? P50, double? P99)
{
    internal double PerSecond => Operations / Elapsed.TotalSeconds;

    /// <summary>
    /// Lets <paramref name="operations"/> (a counter that others drive) run through the warm-up and then the measured stretch.
    /// </summary>
    internal static Measurement Take(
        string name, Plan plan, Func<long> operations, Latencies? latencies = null, RoundTripPeer? peer = null)
    {
        LetRun(plan.WarmUp);
        latencies?.Start();
        using var process = Process.GetCurrentProcess();
        var (cpu, bytes, count, clock) = (Cpu(process, peer), GC.GetTotalAllocatedBytes(), operations(), Stopwatch.StartNew());
        LetRun(plan.Length);
        var (elapsed, done) = (clock.Elapsed, operations() - count);
        var spent = Cpu(process, peer) - cpu;
        var allocated = GC.GetTotalAllocatedBytes() - bytes;
        return new Measurement(name, done, elapsed, spent.TotalMicroseconds / Math.Max(1, done),
            (double)allocated / Math.Max(1, done),
            latencies?.Percentile(0.50), latencies?.Percentile(0.99));
    }

    /// <summary>Nothing is waited for here but time: the length of a measurement.</summary>
    private static void LetRun(TimeSpan time)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(time);
    }

    private static TimeSpan Cpu(Process process, RoundTripPeer? peer)
    {
        process.Refresh();
        return process.TotalProcessorTime + (peer?.ProcessorTime ?? TimeSpan.Zero);
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["perSecond"] = Math.Round(PerSecond),
            ["operations"] = Operations,
            ["seconds"] = Math.Round(Elapsed.TotalSeconds, 3),
            ["cpuMicrosecondsPerOperation"] = Math.Round(CpuMicroseconds, 3),
            ["bytesPerOperation"] = Math.Round(Bytes),
        };
        if (P50 is not null)
            (json["p50Microseconds"], json["p99Microseconds"]) = (Math.Round(P50.Value, 1), Math.Round(P99!.Value, 1));
        return json;
    }

    internal string ToLine() => string.Create(CultureInfo.InvariantCulture,
        $"{Name,-44}{PerSecond,14:N0}{CpuMicroseconds,11:0.00}{Bytes,10:N0}{P50,9:0.0}{P99,9:0.0}\n");
}
