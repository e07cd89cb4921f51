using System.Diagnostics.Metrics;
using KvStore.Storage;

namespace KvStore.Node.Disk;

/// <summary>What storage and replicas count, under the meter <c>KvStore.Storage</c>. Any thread. Without a listener each costs a comparison.</summary>
public static class StorageMetrics
{
    public const string MeterName = "KvStore.Storage";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Batches =
        Meter.CreateCounter<long>("kv.storage.batches", description: "batches handed to the engine");
    private static readonly Histogram<int> BatchRecords =
        Meter.CreateHistogram<int>("kv.storage.batch.records", description: "records in one batch");
    private static readonly Histogram<int> BatchBytes =
        Meter.CreateHistogram<int>("kv.storage.batch.size", "By", "bytes in one batch");
    private static readonly Counter<long> MemoryReads =
        Meter.CreateCounter<long>("kv.storage.reads.memory", description: "reads answered where they were asked");
    private static readonly Counter<long> DiskReads =
        Meter.CreateCounter<long>("kv.storage.reads.disk", description: "reads handed to a reader");
    private static readonly Counter<long> DamagedKeys =
        Meter.CreateCounter<long>("kv.replica.damaged", description: "keys found unreadable");
    private static readonly Counter<long> BusyReplicas =
        Meter.CreateCounter<long>("kv.replica.busy", description: "writes refused because the engine was behind");

    internal static void CountBatch(int records, int bytes)
    {
        Batches.Add(1);
        BatchRecords.Record(records);
        BatchBytes.Record(bytes);
    }

    internal static void Count(CachedLookup answer) => (answer == CachedLookup.NotCached ? DiskReads : MemoryReads).Add(1);

    internal static void CountDamage() => DamagedKeys.Add(1);

    internal static void CountBusy() => BusyReplicas.Add(1);
}
