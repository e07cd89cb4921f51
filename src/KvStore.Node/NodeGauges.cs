using System.Diagnostics.Metrics;
using KvStore.Core.Placement;

namespace KvStore.Node;

/// <summary>
/// What stands now on one node, under the meter "KvStore.Node", tagged with its id. Asked only while somebody listens; any thread. A meter is
/// never forgotten until it is disposed, so it does not keep the node: one that ends without a word would stay for ever.
/// </summary>
internal static class NodeGauges
{
    private static readonly Measurement<long>[] Nothing = [];

    /// <summary>Shows them until disposed.</summary>
    public static IDisposable Observe(NodeContext node)
    {
        var meter = new Meter("KvStore.Node");
        var tag = new KeyValuePair<string, object?>("node", node.Self.Id.ToString());
        var shown = new WeakReference<NodeContext>(node);
        Gauge("kv.ring.epoch", "{epoch}", "The ring's epoch here: nodes that differ for long are not in touch",
            n => (long)(n.Ring.Value?.Epoch.Number ?? 0));
        Gauge("kv.ring.members", "{node}", "Members of the ring", n => n.Ring.Value?.Members.Length ?? 0);
        Gauge("kv.ring.moving", "{partition}", "Partitions on their way from owners to owners", n => Moving(n.Ring.Value));
        Gauge("kv.members.unreachable", "{node}", "Members that this node cannot reach", Unreachable);
        Gauge("kv.hints.waiting", "{hint}", "Hints kept here for others", n => n.Healing.Hints);
        Gauge("kv.hints.size", "By", "The size of what they stand for", n => n.Healing.HintBytes);
        Gauge("kv.tombstones.waiting", "{key}", "Deleted keys that are not forgotten yet", n => n.Healing.Tombstones);
        return meter;

        void Gauge(string name, string unit, string description, Func<NodeContext, long> value) => meter.CreateObservableGauge(
            name, () => shown.TryGetTarget(out var target) ? [new Measurement<long>(value(target), tag)] : Nothing, unit, description);
    }

    private static long Moving(Ring? ring) =>
        ring?.Phases.Count(phase => phase is MovePhase.WriteBothReadOld or MovePhase.WriteBothReadNew) ?? 0;

    private static long Unreachable(NodeContext node) =>
        node.Ring.Value?.Members.Count(member => member.Id != node.Self.Id && !node.Reachability.IsReachable(member.Id)) ?? 0;
}
