using System.Diagnostics.Metrics;

namespace KvStore.Server;

/// <summary>What the doors count, for whoever listens to the meter <c>KvStore.Doors</c>. Any thread.</summary>
public sealed class DoorMetrics : IDisposable
{
    private readonly Meter _meter = new("KvStore.Doors");

    public DoorMetrics()
    {
        Commands = _meter.CreateCounter<long>("kv.resp.commands", "{command}", "Redis commands answered, errors among them");
        Errors = _meter.CreateCounter<long>("kv.resp.errors", "{command}", "Redis commands answered by an error");
        SiblingsHidden = _meter.CreateCounter<long>(
            "kv.resp.siblings_hidden", "{read}", "Plain reads that found concurrent siblings and showed the latest alone");
    }

    public Counter<long> Commands { get; }

    public Counter<long> Errors { get; }

    public Counter<long> SiblingsHidden { get; }

    public void Dispose() => _meter.Dispose();
}
