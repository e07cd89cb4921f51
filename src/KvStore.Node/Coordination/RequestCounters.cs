using System.Diagnostics.Metrics;
using KvStore.Core.Coordination;
using KvStore.Core.Registers;

namespace KvStore.Node.Coordination;

/// <summary>
/// What one node has coordinated; by kind to the meter "KvStore.Requests". Any thread. Without a listener each costs a comparison.
/// </summary>
public sealed class RequestCounters
{
    private static readonly Meter Meter = new("KvStore.Requests");

    private static readonly Counter<long> StartedRequests = Meter.CreateCounter<long>(
        "kv.requests.started", "{request}", "Requests coordinated here, each in a child actor of its own, by kind");

    private static readonly Counter<long> RefusedRequests = Meter.CreateCounter<long>(
        "kv.requests.refused", "{request}", "Requests answered without a child: busy, or wrong in themselves");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "kv.requests.duration", "s", "From a request's admission to its answer, by kind and outcome",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
        });

    private static readonly Histogram<int> Siblings = Meter.CreateHistogram(
        "kv.requests.siblings", "{version}", "Versions that a read found, deletes among them: above 10 clients write past each other",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [0, 1, 2, 5, 10, 20, 50, 100] });

    private static readonly Histogram<long> Size = Meter.CreateHistogram(
        "kv.requests.size", "By", "Bytes of all the versions that a read found",
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 8_388_608] });

    private static readonly Counter<long> Repairs = Meter.CreateCounter<long>(
        "kv.read_repairs", "{replica}", "Replicas that a read found behind, and sent what they lacked");

    private long _started;

    /// <summary>Children started.</summary>
    public long Started => Interlocked.Read(ref _started);

    internal void OnStarted(string kind)
    {
        Interlocked.Increment(ref _started);
        StartedRequests.Add(1, new KeyValuePair<string, object?>("kind", kind));
    }

    internal static void OnRefused(string reason) => RefusedRequests.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal static void OnRead(GetOutcome outcome, TimeSpan took)
    {
        OnAnswered("get", outcome.Result switch
        {
            GetResult.Done => "done",
            GetResult.Timeout => "timeout",
            _ => "failed",
        }, took);
        if (outcome.Result != GetResult.Done || !Siblings.Enabled) return;
        Siblings.Record(outcome.State.Count);
        Size.Record(outcome.State.ValueBytes());
    }

    internal static void OnWritten(PutOutcome outcome, TimeSpan took) => OnAnswered("put", outcome.Result switch
    {
        PutResult.Done => "done",
        PutResult.NotDone => "not_done",
        _ => "unknown",
    }, took);

    internal static void OnRegister(RegisterOutcome outcome, TimeSpan took) => OnAnswered("register", outcome switch
    {
        RegisterOutcome.Done => "done",
        RegisterOutcome.Mismatch => "mismatch",
        RegisterOutcome.NotDone => "not_done",
        _ => "unknown",
    }, took);

    internal static void OnRepair() => Repairs.Add(1);

    private static void OnAnswered(string kind, string outcome, TimeSpan took)
    {
        if (Duration.Enabled)
            Duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));
    }
}
