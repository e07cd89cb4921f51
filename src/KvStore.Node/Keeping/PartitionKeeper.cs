using Akka.Actor;
using KvStore.Core.Identity;

namespace KvStore.Node.Keeping;

/// <summary>
/// One for each partition in the cluster, at the partition's first reachable primary: orders what the partition needs now and then, and spreads
/// it over time. Nothing depends on it: replicas start their own exchanges, handoffs and reap rounds on their own timers as well, and two keepers
/// of one partition at once do no harm.
/// <para>Invariants: (1) one order at a tick, in turn: what is missing is handed off, then copies are compared, then what all have is reaped.
/// (2) keepers that start together do not tick together.</para>
/// </summary>
public sealed class PartitionKeeper : UntypedActor, IWithTimers
{
    private readonly PartitionId _partition;
    private readonly Action<PartitionId>[] _orders;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _first;
    private int _turn;

    public PartitionKeeper(PartitionId partition, int partitions, KeeperOrders orders, TimeSpan interval)
    {
        _partition = partition;
        _orders = [orders.Handoff, orders.Exchange, orders.Reap];
        _interval = interval;
        _first = FirstOrderAfter(partition, partitions, interval);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="interval">The time between two orders; each kind comes round after three.</param>
    public static Props Props(PartitionId partition, int partitions, KeeperOrders orders, TimeSpan interval) =>
        Akka.Actor.Props.Create(() => new PartitionKeeper(partition, partitions, orders, interval));

    internal static TimeSpan FirstOrderAfter(PartitionId partition, int partitions, TimeSpan interval) =>
        interval * (partition.Value + 1) / partitions;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _first, _interval);

    protected override void OnReceive(object message)
    {
        // Any other message has only made this keeper, if it was not there.
        if (message is Tick) _orders[_turn++ % _orders.Length](_partition);
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
