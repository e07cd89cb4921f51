using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Troupe.Tests.ClusterSharding.Simulated;

/// <summary>Tells the ledger of its life and its messages. "passivate..." makes it ask for its end; what begins with "ask" is
/// answered.</summary>
internal sealed class LedgerEntity : ReceiveActor
{
    /// <summary>The hand-off's stop message: the entity takes a while to end.</summary>
    public const string Stop = "stop";

    private readonly string _id;
    private readonly string _node;
    private readonly ShardingLedger _ledger;

    public LedgerEntity(string id, string node, TimeSpan slowness, ShardingLedger ledger)
    {
        _id = id;
        _node = node;
        _ledger = ledger;
        Receive<string>(m => m == Stop, _ =>
            Context.System.Scheduler.ScheduleTellOnce(slowness, Self, PoisonPill.Instance, Self));
        Receive<string>(message =>
        {
            ledger.OnArrived(message);
            if (message.StartsWith("passivate", StringComparison.Ordinal)) Context.Parent.Tell(new Passivate(Stop));
            if (message.StartsWith("ask", StringComparison.Ordinal)) Sender.Tell(message);
        });
    }

    protected override void PreStart() => _ledger.OnAlive(_id, _node);

    protected override void PostStop() => _ledger.OnDead(_id, _node);
}
