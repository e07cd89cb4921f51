using System.Diagnostics.Tracing;

namespace KvStore.Benchmarks.Actors;

/// <summary>
/// What the process has handed to its sockets, as the framework counts it while somebody listens. It says so once a second, and
/// stretches are measured from one such moment to another.
/// </summary>
internal sealed class SocketCounters : EventListener
{
    private readonly SemaphoreSlim _told = new(0);
    private long _bytesSent;

    /// <summary>Since the start of the process, as far as somebody listened.</summary>
    internal long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Returns at the first report after this much time.</summary>
    internal void AwaitAfter(TimeSpan time)
    {
        while (_told.Wait(0))
        {
            // A report from before.
        }
        for (var reports = 1 + (int)time.TotalSeconds; reports > 0; reports--)
        {
            if (!_told.Wait(TimeSpan.FromSeconds(30)))
                throw new TimeoutException("The framework has stopped to count what sockets send.");
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Net.Sockets")
            EnableEvents(eventSource, EventLevel.Informational, EventKeywords.None,
                new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "1" });
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName != "EventCounters" || eventData.Payload is not [IDictionary<string, object?> counter, ..]
            || counter["Name"] as string != "bytes-sent" || counter["Mean"] is not double total)
            return;
        Interlocked.Exchange(ref _bytesSent, (long)total);
        _told.Release();
    }
}
