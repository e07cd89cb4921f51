using System.Diagnostics.Metrics;

namespace KvStore.Node.Coordination;

/// <summary>How many requests one node has coordinated; by kind to the meter "KvStore.Requests". Any thread.</summary>
public sealed class RequestCounters
{
    private static readonly Meter Meter = new("KvStore.Requests");
    private static readonly Counter<long> Counter = Meter.CreateCounter<long>(
        "kv.requests.started", "{request}", "Requests coordinated here, each in a child actor of its own, by kind");

    private long _started;

    /// <summary>Children started.</summary>
    public long Started => Interlocked.Read(ref _started);

    internal void OnStarted(string kind)
    {
        Interlocked.Increment(ref _started);
        Counter.Add(1, new KeyValuePair<string, object?>("kind", kind));
    }
}
