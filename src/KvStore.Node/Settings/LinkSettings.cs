using KvStore.Core.Links;

namespace KvStore.Node.Settings;

/// <summary>Section <c>kv-store.links</c>.</summary>
public static class LinkSettings
{
    private const long LargestBatch = 256 * 1024;
    private const long LargestRoom = 1L << 40;

    internal static LinkOptions Read(SettingsReader reader) => new()
    {
        MaxGather = reader.Duration("kv-store.links.gather", TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1)),
        MaxBatchBytes = (int)reader.Bytes("kv-store.links.batch-bytes", 1024, LargestBatch),
        MaxBatchItems = reader.Int("kv-store.links.batch-items", 1, Wire.WireLimits.MaxBatch - 1),
        MaxInFlight = reader.Int("kv-store.links.batches-in-flight", 1, 1000),
        MaxAsks = reader.Int("kv-store.links.requests-per-peer", 1, 1_000_000),
        MaxBytes = reader.Bytes("kv-store.links.bytes-per-peer", 1 << 20, LargestRoom),
        GreetEvery = reader.Duration("kv-store.links.greet-every", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
    };
}
