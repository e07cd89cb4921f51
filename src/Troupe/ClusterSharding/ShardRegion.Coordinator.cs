using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding.Internal;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>The region and its coordinator: finding it, asking it, and leaving in good order.</summary>
public sealed partial class ShardRegion
{
    private void OnMembers(Action<RoleMembers> change)
    {
        var before = _members.CoordinatorCandidates;
        change(_members);
        var now = _members.CoordinatorCandidates;
        if (before.SequenceEqual(now)) return;
        if (_coordinator is not null && now.Contains(NodeOf(_coordinator))) return;
        _coordinator = null;
        _retry = FirstRetry;
        Register();
    }

    private void OnRetry()
    {
        if (_coordinator is null) Register();
        else AskForHomes();
        RetryLater();
    }

    private void RetryLater()
    {
        _retry = _coordinator is not null || _retry * 2 > RetryInterval ? RetryInterval : _retry * 2;
        Timers.StartSingleTimer(Retry.Instance, Retry.Instance, _retry);
    }

    private void Register()
    {
        ShardingMessage call = _entityProps is null
            ? new ShardingMessage.RegisterProxy(Self)
            : new ShardingMessage.Register(Self, [.. _shards.Keys.Where(s => !_book.IsStopping(s))]);
        foreach (var node in _members.CoordinatorCandidates)
            Context.ActorSelection(new RootActorPath(node).ToString().TrimEnd('/') + _coordinatorPath).Tell(call);
        if (_retry == RetryInterval && _book.Waiting > 0)
        {
            _log.Warning("{0}: no coordinator has answered yet. {1} messages wait; it is looked for at [{2}].",
                _typeName, _book.Waiting, string.Join(", ", _members.CoordinatorCandidates));
        }
    }

    private void OnRegistered()
    {
        if (Sender.Equals(_coordinator)) return;
        _coordinator = Context.Watch(Sender);
        if (_leaving) _coordinator.Tell(new ShardingMessage.ShutDownRegion(Self));
        AskForHomes();
    }

    private void AskForHomes()
    {
        foreach (var shard in _book.Wanted) _coordinator!.Tell(new ShardingMessage.GetShardHome(shard));
        if (_leaving) _coordinator!.Tell(new ShardingMessage.ShutDownRegion(Self));
    }

    private void OnGracefulShutdown()
    {
        if (_leaving) return;
        _leaving = true;
        if (_entityProps is null) Context.Stop(Self);
        else _coordinator?.Tell(new ShardingMessage.ShutDownRegion(Self));
    }

    /// <summary>It goes when it has nothing left that another one could take over. Not yet? The coordinator is asked again, and
    /// answers.</summary>
    private void LeaveIfEmpty()
    {
        if (_shards.Count > 0) return;
        var others = _members.Counted.Any(a => !a.Equals(_cluster.SelfAddress));
        if (_book.Waiting == 0 || !others) Context.Stop(Self);
    }

    private void OnQuery(IShardRegionQuery query)
    {
        var timeout = _settings.ShardRegionQueryTimeout;
        switch (query)
        {
            case GetShardRegionState:
                RegionStats.StateOf(_shards.ToImmutableDictionary(), timeout).PipeTo(Sender, Self);
                break;
            case GetShardRegionStats:
                RegionStats.Of(_shards.ToImmutableDictionary(), timeout).PipeTo(Sender, Self);
                break;
            case GetCurrentRegions or GetClusterShardingStats when _coordinator is not null:
                _coordinator.Forward(query);
                break;
            default:
                _log.Warning("{0}: [{1}] cannot be answered now: there is no coordinator yet. Ask again.", _typeName, query);
                break;
        }
    }

    private void OnStartEntity(StartEntity start)
    {
        _log.Error("{0}: {1} is for types that remember their entities, which this runtime does not do. Nothing was started; any message "
            + "to the entity starts it.", _typeName, start);
        Sender.Tell(new Status.Failure(new NotSupportedException(
            $"{start}: this runtime remembers no entities. Nothing was started; any message to the entity starts it.")));
    }

    private Address NodeOf(IActorRef actor) => actor.Path.Address.HasGlobalScope ? actor.Path.Address : _cluster.SelfAddress;

    /// <summary>Would start an entity without a message. Refused: it is for types that remember their entities.</summary>
    public sealed class StartEntity : IClusterShardingSerializable, IEquatable<StartEntity>
    {
#pragma warning disable CA1051 // Akka.NET's signature
        public readonly string EntityId;
#pragma warning restore CA1051

        public StartEntity(string entityId) => EntityId = entityId;

        public bool Equals(StartEntity? other) => EntityId == other?.EntityId;

        public override bool Equals(object? obj) => Equals(obj as StartEntity);

        public override int GetHashCode() => HashCode.Combine(EntityId);

        public override string ToString() => $"StartEntity({EntityId})";
    }
}
