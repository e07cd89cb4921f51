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

    /// <summary>What a node's store holds, for as long as it is open; tagged with the node's id. Asked only while somebody listens.</summary>
    internal static IDisposable Observe(NodeDisk disk)
    {
        var node = new KeyValuePair<string, object?>("node", disk.Data.Identity.Node.ToString());
        var meter = new Meter(MeterName);
        meter.CreateObservableGauge("kv.storage.keys", () => new Measurement<long>(disk.Keys.Sum(), node), description: "states, deleted ones too");
        meter.CreateObservableGauge("kv.storage.behind", () => new Measurement<int>(disk.IsBehind ? 1 : 0, node), description: "1: writes are refused");
        Gauge("kv.storage.table.size", "By", "bytes in tables", s => s.Levels.Sum(level => level.Bytes));
        Gauge("kv.storage.memtable.size", "By", "bytes in memtables", s => s.MemtableBytes);
        Gauge("kv.storage.cache.size", "By", "bytes of cached blocks", s => s.BlockCacheBytes);
        Count("kv.storage.cache.hits", null, "blocks found in the cache", s => s.BlockCacheHits);
        Count("kv.storage.cache.misses", null, "blocks read from disk", s => s.BlockCacheMisses);
        Count("kv.storage.syncs", null, "syncs of the log", s => s.LogSyncs);
        Count("kv.storage.compaction.written", "By", "bytes that merges have written", s => s.CompactionWrittenBytes);
        Gauge("kv.storage.damage", null, "damaged places that background work has met", s => s.Damage.Count);
        return meter;

        void Gauge(string name, string? unit, string description, Func<StoreStatistics, long> value) =>
            meter.CreateObservableGauge(name, () => new Measurement<long>(value(disk.Store.Statistics()), node), unit, description);

        void Count(string name, string? unit, string description, Func<StoreStatistics, long> value) =>
            meter.CreateObservableCounter(name, () => new Measurement<long>(value(disk.Store.Statistics()), node), unit, description);
    }
}
