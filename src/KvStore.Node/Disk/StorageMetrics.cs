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

    /// <summary>
    /// What a node's store holds, for as long as it is open; tagged with the node's id. Asked only while somebody listens. A meter is never
    /// forgotten until it is disposed, so it does not keep the store: one whose process is killed in a simulation would stay for ever.
    /// </summary>
    internal static IDisposable Observe(NodeDisk disk)
    {
        var node = new KeyValuePair<string, object?>("node", disk.Data.Identity.Node.ToString());
        var meter = new Meter(MeterName);
        var shown = new WeakReference<NodeDisk>(disk);
        Gauge("kv.storage.keys", null, "states, deleted ones too", d => d.Keys.Sum());
        Gauge("kv.storage.behind", null, "1: writes are refused", d => d.IsBehind ? 1 : 0);
        Gauge("kv.storage.table.size", "By", "bytes in tables", d => d.Store.Statistics().Levels.Sum(level => level.Bytes));
        Gauge("kv.storage.memtable.size", "By", "bytes in memtables", d => d.Store.Statistics().MemtableBytes);
        Gauge("kv.storage.cache.size", "By", "bytes of cached blocks", d => d.Store.Statistics().BlockCacheBytes);
        Count("kv.storage.cache.hits", null, "blocks found in the cache", d => d.Store.Statistics().BlockCacheHits);
        Count("kv.storage.cache.misses", null, "blocks read from disk", d => d.Store.Statistics().BlockCacheMisses);
        Count("kv.storage.syncs", null, "syncs of the log", d => d.Store.Statistics().LogSyncs);
        Count("kv.storage.compaction.written", "By", "bytes that merges have written", d => d.Store.Statistics().CompactionWrittenBytes);
        Gauge("kv.storage.damage", null, "damaged places that background work has met", d => d.Store.Statistics().Damage.Count);
        return meter;

        void Gauge(string name, string? unit, string description, Func<NodeDisk, long> value) =>
            meter.CreateObservableGauge(name, () => Ask(value), unit, description);

        void Count(string name, string? unit, string description, Func<NodeDisk, long> value) =>
            meter.CreateObservableCounter(name, () => Ask(value), unit, description);

        Measurement<long>[] Ask(Func<NodeDisk, long> value) =>
            shown.TryGetTarget(out var target) ? [new Measurement<long>(value(target), node)] : [];
    }
}
