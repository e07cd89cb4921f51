using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>
/// The coordinator of one entity type: a cluster singleton. It takes over what its predecessor has left with the members
/// (<see cref="Succession"/>), and then does what <see cref="CoordinatorMachine"/> decides.
/// <para>It stops, and is started again with what is written, when a later coordinator has taken its place.</para>
/// </summary>
internal sealed class ShardCoordinator : UntypedActor, IWithTimers
{
    // A member that has not answered is written to so often before the time is up.
    private const int WriteRounds = 5;

    private readonly string _typeName;
    private readonly TuningParameters _tuning;
    private readonly IShardAllocationStrategy _strategy;
    private readonly PlantedBugs _bugs;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RoleMembers _members;
    private readonly Succession _succession;

    // Regions that have called before the coordinator was ready; each is kept once.
    private readonly SortedDictionary<IActorRef, ShardingMessage> _early = new(ShardHomes.ByPath.Instance);
    private CoordinatorMachine? _machine;
    private MemberAnswers _written = null!;
    private ShardingMessage.WriteHomes? _writing;
    private int _writeRounds;

    public ShardCoordinator(string typeName, ClusterShardingSettings settings, IShardAllocationStrategy strategy, PlantedBugs bugs)
    {
        _typeName = typeName;
        _tuning = settings.TuningParameters;
        _strategy = strategy;
        _bugs = bugs;
        _members = new RoleMembers(settings.Role);
        _succession = new Succession(
            _cluster.SelfUniqueAddress.Uid, _tuning.CoordinatorStateReadMajorityPlus, _tuning.MajorityMinCap);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        switch (_strategy)
        {
            case IActorSystemDependentAllocationStrategy dependent: dependent.Start(Context.System); break;
            case IStartableAllocationStrategy startable: startable.Start(); break;
        }
        Timers.StartPeriodicTimer(Tick.Read.Instance, Tick.Read.Instance, _tuning.WaitingForStateTimeout);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (_machine is null) Succeed(message);
        else Coordinate(_machine, message);
        if (_machine is not null) CarryOut(_machine);
    }

    private void Succeed(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                _members.Reset(state);
                AskHolders();
                break;
            case ClusterEvent.IMemberEvent change:
                _members.On(change);
                AskHolders();
                break;
            case Tick.Read:
                _log.Warning("{0}: the state has not been read from enough of the {1} members within {2}; asking again.",
                    _typeName, _members.Counted.Count, _tuning.WaitingForStateTimeout);
                AskHolders();
                break;
            case ShardingMessage.HomesRead read when read.TypeName == _typeName:
                if (!_succession.OnRead(NodeOf(Sender), read)) AskHolders();
                else if (_succession.IsDone(_members.Counted)) TakeOver();
                break;
            case ShardingMessage.Register m: _early[m.Region] = m; break;
            case ShardingMessage.RegisterProxy m: _early[m.Proxy] = m; break;
        }
    }

    private void Coordinate(CoordinatorMachine machine, object message)
    {
        switch (message)
        {
            case ClusterEvent.IMemberEvent change: OnMember(machine, change); break;
            case ShardingMessage.Register m: machine.OnRegister(m.Region, m.Shards); break;
            case ShardingMessage.RegisterProxy m: machine.OnRegisterProxy(m.Proxy); break;
            case ShardingMessage.GetShardHome m: machine.OnGetShardHome(m.Shard, Sender); break;
            case ShardingMessage.ShardStarted m: machine.OnShardStarted(m.Shard, Sender); break;
            case ShardingMessage.HandOffBegun m: machine.OnHandOffBegun(m.Shard, Sender); break;
            case ShardingMessage.ShardStopped m: machine.OnShardStopped(m.Shard, Sender); break;
            case ShardingMessage.ShutDownRegion m: machine.OnShutDownRegion(m.Region); break;
            case ShardingMessage.HomesWritten m when m.TypeName == _typeName: OnHeld(machine, m); break;
            case Terminated gone: machine.OnGone(gone.ActorRef); break;
            case Allocated answer: OnAllocated(machine, answer); break;
            case WhatMoves answer: OnWhatMoves(machine, answer); break;
            case HandOffTimeout m: machine.OnHandOffTimeout(m.Shard, m.Attempt); break;
            case Tick.Rebalance: machine.OnRebalanceTick(); break;
            case Tick.Start: machine.OnStartTimeout(); break;
            case Tick.Write: WriteAgain(); break;
            case GetCurrentRegions: Sender.Tell(new CurrentRegions([.. machine.Homes.Regions.Keys.Select(NodeOf)])); break;
            case GetClusterShardingStats query:
                RegionStats.OfAll(machine.Homes.Regions.Keys, NodeOf, query.Timeout).PipeTo(Sender, Self);
                break;
        }
    }

    private void AskHolders()
    {
        foreach (var member in _members.Counted)
        {
            if (!_succession.HasAnswered(member)) HolderAt(member).Tell(new ShardingMessage.ReadHomes(_typeName, _succession.Term));
        }
    }

    private void TakeOver()
    {
        var inherited = _succession.Inherited;
        foreach (var region in inherited.Regions.Keys.Where(r => !_members.Contains(NodeOf(r)))) inherited = inherited.Without(region);
        _log.Info("{0}: this is the coordinator now, with {1}.", _typeName, inherited);
        var machine = _machine = new CoordinatorMachine(inherited, _bugs);
        Timers.CancelAll();
        Timers.StartPeriodicTimer(Tick.Rebalance.Instance, Tick.Rebalance.Instance, _tuning.RebalanceInterval);
        Timers.StartPeriodicTimer(Tick.Start.Instance, Tick.Start.Instance, _tuning.ShardStartTimeout);
        foreach (var early in _early.Values)
        {
            if (early is ShardingMessage.Register m) machine.OnRegister(m.Region, m.Shards);
            else if (early is ShardingMessage.RegisterProxy p) machine.OnRegisterProxy(p.Proxy);
        }
        _early.Clear();
    }

    private void OnMember(CoordinatorMachine machine, ClusterEvent.IMemberEvent change)
    {
        _members.On(change);
        if (_writing is null) return;
        WriteToMissing();
        CheckWritten(machine);
    }

    private void WriteAgain()
    {
        if (_writing is null) return;
        if (++_writeRounds % WriteRounds == 0)
        {
            _log.Warning("{0}: a decision has not been written to enough of the {1} members within {2}; until it is, no shard is given "
                + "a home. Writing again. Does every member with the role use sharding?", _typeName, _members.Counted.Count,
                _tuning.UpdatingStateTimeout);
        }
        WriteToMissing();
    }

    private void OnHeld(CoordinatorMachine machine, ShardingMessage.HomesWritten held)
    {
        if (_writing is null || held.Newest < _writing.Version) return;
        if (held.Newest > _writing.Version)
        {
            _log.Warning("{0}: another coordinator has taken over. This one stops and reads the state anew.", _typeName);
            Context.Stop(Self);
            return;
        }
        _written.Add(NodeOf(Sender));
        CheckWritten(machine);
    }

    private void CheckWritten(CoordinatorMachine machine)
    {
        if (!_written.AreEnough(_members.Counted)) return;
        var number = _writing!.Version.Write;
        _writing = null;
        Timers.Cancel(Tick.Write.Instance);
        machine.OnWritten(number);
    }

    private void WriteToMissing()
    {
        foreach (var member in _members.Counted)
        {
            if (!_written.Has(member)) HolderAt(member).Tell(_writing!);
        }
    }

    private void OnAllocated(CoordinatorMachine machine, Allocated answer)
    {
        if (answer.Cause is not null)
            _log.Warning(answer.Cause, "{0}: the strategy failed to find a home for the shard [{1}].", _typeName, answer.Shard);
        machine.OnAllocated(answer.Shard, answer.Region);
    }

    private void OnWhatMoves(CoordinatorMachine machine, WhatMoves answer)
    {
        if (answer.Cause is not null) _log.Warning(answer.Cause, "{0}: the strategy failed to say which shards shall move.", _typeName);
        machine.OnWhatMoves(answer.Shards);
    }

    private void CarryOut(CoordinatorMachine machine)
    {
        while (machine.TakeEffects() is { Count: > 0 } effects)
        {
            foreach (var effect in effects) CarryOut(effect);
        }
    }

    private void CarryOut(CoordinatorEffect effect)
    {
        switch (effect)
        {
            case CoordinatorEffect.Send send:
                send.To.Tell(send.Message);
                break;
            case CoordinatorEffect.Watch watch:
                Context.Watch(watch.Region);
                break;
            case CoordinatorEffect.Write write:
                _writing = new ShardingMessage.WriteHomes(_typeName, new HomesVersion(_succession.Term, write.Number), write.Homes);
                _written = new MemberAnswers(_tuning.CoordinatorStateWriteMajorityPlus, _tuning.MajorityMinCap);
                _writeRounds = 0;
                Timers.StartPeriodicTimer(Tick.Write.Instance, Tick.Write.Instance, _tuning.UpdatingStateTimeout / WriteRounds);
                WriteToMissing();
                break;
            case CoordinatorEffect.Allocate allocate:
                Strategy(() => _strategy.AllocateShard(allocate.Requester, allocate.Shard, allocate.Regions)).PipeTo(Self,
                    success: region => new Allocated(allocate.Shard, region, null),
                    failure: cause => new Allocated(allocate.Shard, null, cause));
                break;
            case CoordinatorEffect.AskWhatMoves ask:
                Strategy(() => _strategy.Rebalance(ask.Regions, ask.Moving)).PipeTo(Self,
                    success: shards => new WhatMoves(shards, null),
                    failure: cause => new WhatMoves(ImmutableHashSet<string>.Empty, cause));
                break;
            case CoordinatorEffect.StartHandOffTimer timer:
                Timers.StartSingleTimer((timer.Shard, "hand-off"), new HandOffTimeout(timer.Shard, timer.Attempt), _tuning.HandOffTimeout);
                break;
            default:
                throw new InvalidOperationException($"{effect} is not known.");
        }
    }

    /// <summary>A strategy may fail at once, not in its task alone.</summary>
    private static Task<T> Strategy<T>(Func<Task<T>> ask)
    {
        try
        {
            return ask();
        }
#pragma warning disable CA1031 // whatever the strategy throws is its failure, not the coordinator's
        catch (Exception cause)
        {
            return Task.FromException<T>(cause);
        }
#pragma warning restore CA1031
    }

    private Address NodeOf(IActorRef actor) => actor.Path.Address.HasGlobalScope ? actor.Path.Address : _cluster.SelfAddress;

    private ActorSelection HolderAt(Address member) =>
        Context.ActorSelection(new RootActorPath(member) / Self.Path.Elements[0] / Self.Path.Elements[1] / HomesHolder.Name);

    private abstract record Tick : INoSerializationVerificationNeeded
    {
        public sealed record Read : Tick
        {
            public static readonly Read Instance = new();
        }

        public sealed record Write : Tick
        {
            public static readonly Write Instance = new();
        }

        public sealed record Rebalance : Tick
        {
            public static readonly Rebalance Instance = new();
        }

        public sealed record Start : Tick
        {
            public static readonly Start Instance = new();
        }
    }

    private sealed record Allocated(string Shard, IActorRef? Region, Exception? Cause) : INoSerializationVerificationNeeded;

    private sealed record WhatMoves(IImmutableSet<string> Shards, Exception? Cause) : INoSerializationVerificationNeeded;

    private sealed record HandOffTimeout(string Shard, long Attempt) : INoSerializationVerificationNeeded;
}
