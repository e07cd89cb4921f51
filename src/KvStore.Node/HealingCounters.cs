using System.Diagnostics.Metrics;
using KvStore.Core.AntiEntropy;

namespace KvStore.Node;

/// <summary>
/// What one node does to bring replicas together, for the meter "KvStore.Healing": hints, comparisons, and the forgetting of what was deleted.
/// What is counted is added up by the meter; what stands now is written by the actor that knows it and read from any thread.
/// </summary>
public sealed class HealingCounters
{
    private static readonly Meter Meter = new("KvStore.Healing");
    private static readonly Counter<long> Delivered = Meter.CreateCounter<long>("kv.hints.delivered", "{hint}", "Hints that an owner has taken");
    private static readonly Counter<long> GivenUp = Meter.CreateCounter<long>(
        "kv.hints.given_up", "{hint}", "Left to the comparison of replicas: past the window, or no room");
    private static readonly Counter<long> Exchanges = Meter.CreateCounter<long>(
        "kv.exchanges", "{exchange}", "Comparisons of a partition with another owner that ended, by outcome");
    private static readonly Counter<long> Keys = Meter.CreateCounter<long>(
        "kv.exchanges.keys", "{key}", "Keys that differed and were brought over, by direction");
    private static readonly Counter<long> Reaped = Meter.CreateCounter<long>(
        "kv.tombstones.reaped", "{key}", "Deleted keys forgotten, in rounds begun by this node");

    private long _hints;
    private long _hintBytes;
    private long _tombstones;

    /// <summary>Kept for others now.</summary>
    public long Hints => Volatile.Read(ref _hints);

    /// <summary>The size of what they stand for.</summary>
    public long HintBytes => Volatile.Read(ref _hintBytes);

    /// <summary>Deleted keys that were not forgotten yet when last looked at.</summary>
    public long Tombstones => Volatile.Read(ref _tombstones);

    internal void SetHints(long hints, long bytes)
    {
        Volatile.Write(ref _hints, hints);
        Volatile.Write(ref _hintBytes, bytes);
    }

    internal void SetTombstones(long tombstones) => Volatile.Write(ref _tombstones, tombstones);

    internal static void OnDelivered() => Delivered.Add(1);

    internal static void OnGivenUp() => GivenUp.Add(1);

    internal static void OnExchange(ExchangeEnd outcome, long sent, long received)
    {
        Exchanges.Add(1, new KeyValuePair<string, object?>("outcome", WordOf(outcome)));
        if (sent > 0) Keys.Add(sent, new KeyValuePair<string, object?>("direction", "sent"));
        if (received > 0) Keys.Add(received, new KeyValuePair<string, object?>("direction", "received"));
    }

    internal static void OnReaped(long keys) => Reaped.Add(keys);

    /// <summary>An operator wants to know why: too much under way, a tree that is being built, another ring, silence, or a disk.</summary>
    private static string WordOf(ExchangeEnd outcome) => outcome switch
    {
        ExchangeEnd.Complete => "complete",
        ExchangeEnd.Busy => "busy",
        ExchangeEnd.TreeIncomplete => "tree_incomplete",
        ExchangeEnd.StaleEpoch => "stale_epoch",
        ExchangeEnd.Timeout => "timeout",
        _ => "failed",
    };
}
