using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace KvStore.Server;

/// <summary>What the doors count, for whoever listens to the meter <c>KvStore.Doors</c>. Any thread.</summary>
public sealed class DoorMetrics : IDisposable
{
    private readonly Meter _meter = new("KvStore.Doors");

    public DoorMetrics()
    {
        Duration = _meter.CreateHistogram(
            "kv.resp.command.duration", "s", "From a command's arrival to its answer's turn, by command",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
            });
        Errors = _meter.CreateCounter<long>("kv.resp.errors", "{command}", "Redis commands answered by an error");
        SiblingsHidden = _meter.CreateCounter<long>(
            "kv.resp.siblings_hidden", "{read}", "Plain reads that found concurrent siblings and showed the latest alone");
    }

    public Histogram<double> Duration { get; }

    public Counter<long> Errors { get; }

    public Counter<long> SiblingsHidden { get; }

    /// <summary>A command was answered.</summary>
    /// <param name="command">Its name; of an unknown one "unknown", so that clients cannot make up series.</param>
    /// <param name="startedAt">When it arrived, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="isError">Whether the answer is an error.</param>
    public void Answered(string command, long startedAt, bool isError)
    {
        var tag = new KeyValuePair<string, object?>("command", command);
        if (Duration.Enabled) Duration.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, tag);
        if (isError) Errors.Add(1, tag);
    }

    public void Dispose() => _meter.Dispose();
}
