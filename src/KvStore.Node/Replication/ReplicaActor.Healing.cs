using Akka.Actor;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Node.AntiEntropy;
using KvStore.Node.Disk;
using KvStore.Wire;

namespace KvStore.Node.Replication;

/// <summary>The part of the actor that hosts exchanges and reap rounds, and drops copies that were handed on.</summary>
public sealed partial class ReplicaActor
{
    private readonly Dictionary<CallId, Action<ReplicaEffect>> _ownCalls = [];
    private readonly Dictionary<long, Action<IReadOnlyList<KeyHash>>> _listings = [];
    private readonly Dictionary<long, Action<object>> _asked = [];
    private readonly Dictionary<long, Action> _whenStored = [];
    private long _lastListing;
    private long _lastAsked;
    private bool _wasWhole = true;

    public ITimerScheduler Timers { get; set; } = null!;

    private void ReceiveHealing()
    {
        Receive<ReplicaExchanges.Start>(OnStartExchange);
        Receive<ReplicaProtocol.ExchangeStep>(step => IfOpen(() => _exchanges.OnStep(step)));
        Receive<ReplicaReaping.Start>(OnStartReaping);
        Receive<ReplicaProtocol.AskReap>(ask => IfOpen(() => _reaping.OnAsked(ask, Sender)));
        Receive<ReplicaProtocol.ReapAgreed>(agreed => IfOpen(() => _reaping.OnAgreed(agreed)));
        Receive<ReplicaProtocol.ReplicaRefused>(_ => IfOpen(_reaping.OnRefused));
        Receive<ReplicaProtocol.CommitReap>(commit => IfOpen(() => _reaping.OnCommitted(commit)));
        Receive<DropCopy>(drop => IfOpen(() => _retirement.Drop(drop, Sender)));
        Receive<ReplicaProtocol.AskSeen>(ask => IfOpen(() => _retirement.OnAskedSeen(ask, Sender)));
        Receive<ReplicaProtocol.AdoptOrigins>(adopt => IfOpen(() => _retirement.OnAdopt(adopt, Sender)));
        Receive<Tagged>(OnAnswered);
        Receive<StorageProtocol.Listed>(OnListed, m => m.Life == _disk.Life);
        Receive<Due>(due => IfOpen(due.Action));
        Receive<AntiEntropyActor.SayIfNotWhole>(_ => IfOpen(() => _wasWhole = true));
    }

    private void OnStartExchange(ReplicaExchanges.Start start)
    {
        if (!IfOpen(() => _exchanges.Begin(start)))
            Context.System.EventStream.Publish(new ReplicaExchanges.Ended(new ExchangePair(_partition, start.Peer), true, ExchangeEnd.Failed, 0, 0));
    }

    private void OnStartReaping(ReplicaReaping.Start start)
    {
        if (!IfOpen(() => _reaping.Begin(start))) start.ReplyTo.Tell(new ReplicaReaping.Ended(_partition, 0, 0));
    }

    /// <summary>
    /// Does something unless this replica is not to be had now; false then. It follows the ring in force first: one that no client asks for
    /// anything hears of a new ring by this, and would else decline to compare, and keep what is not its own, for ever.
    /// </summary>
    private bool IfOpen(Action action)
    {
        if (!IsOpen) return false;
        Follow();
        if (!IsOpen) return false;
        action();
        Perform();
        return true;
    }

    private void OnListed(StorageProtocol.Listed listed)
    {
        if (!_listings.Remove(listed.Tag, out var done)) return;
        foreach (var key in listed.Unreadable) _replica!.OnDamageFound(key, _effects);
        if (listed.HasHoles) _replica!.OnDamageFound(ReplicaDisk.Hole, _effects);
        done(listed.Entries);
        Perform();
    }

    private void OnAnswered(Tagged answer)
    {
        if (_asked.Remove(answer.Tag, out var done)) IfOpen(() => done(answer.Answer));
    }

    /// <summary>A call that an exchange, a reap round or a retirement made; true when this was one.</summary>
    private bool EndOwnCall(CallId call, ReplicaEffect answer)
    {
        if (!_ownCalls.Remove(call, out var done)) return false;
        done(answer);
        return true;
    }

    /// <summary>Once each time that it ceases to be whole: it must then compare with every other owner.</summary>
    private void SayIfNotWhole()
    {
        var isWhole = _replica!.Role != ReplicaRole.Primary || _replica.Meta.IsWhole;
        if (!isWhole && _wasWhole) Context.System.EventStream.Publish(new ReplicaExchanges.NotWhole(_partition));
        _wasWhole = isWhole;
    }

    /// <summary>Let go of a copy that was kept for an owner, if it is still what was delivered.</summary>
    public sealed record DropCopy(PartitionId Partition, BucketKey Key, ulong Hash);

    /// <summary>A timer of an exchange or a round has run down.</summary>
    private sealed record Due(Action Action);

    private sealed class Host(ReplicaActor actor) : IReplicaHost
    {
        public NodeId Self => actor._context.Self;

        public PartitionId Partition => actor._partition;

        public IReadOnlyList<NodeId> OtherOwners => [.. actor.ListAt(actor._context.Ring).WriteTargets.Where(node => node != Self)];

        public Replica Replica => actor._replica!;

        public List<ReplicaEffect> Effects => actor._effects;

        public ReplicaTime Now => ReplicaActor.Now;

        public ulong NewNumber() => (ulong)actor._context.Start.Number << 40 | (ulong)actor._context.Disk.NextLife();

        public CallId Call(Action<ReplicaEffect> done)
        {
            var call = new CallId(++actor._lastCall);
            actor._ownCalls.Add(call, done);
            return call;
        }

        public void List(ListingWanted wanted, Action<IReadOnlyList<KeyHash>> done)
        {
            actor._listings.Add(++actor._lastListing, done);
            actor._context.Storage.Tell(
                new StorageProtocol.ListStates(actor.Self, actor._disk.Life, actor._lastListing, Partition, wanted));
        }

        public void Send(NodeId node, IWireMessage message) => actor._context.Peers.Link(node).Tell(message, actor.Self);

        public void Ask(NodeId node, IWireMessage message, Action<object> done)
        {
            actor._asked.Add(++actor._lastAsked, done);
            actor._context.Peers.Link(node).Tell(message, new TaggedRef(actor.Self, actor._lastAsked));
        }

        public void ForgetAsked() => actor._asked.Clear();

        public bool IsLinked(NodeId node) => actor._context.Peers.IsLinked(node);

        public void WhenStored(Action done)
        {
            actor.Perform();
            actor._whenStored.Add(actor._disk.LastMeta, done);
        }

        public void Publish(object fact) => Context.System.EventStream.Publish(fact);

        public void StartTimer(object timer, TimeSpan after, Action action) => actor.Timers.StartSingleTimer(timer, new Due(action), after);

        public void StopTimer(object timer) => actor.Timers.Cancel(timer);
    }
}
