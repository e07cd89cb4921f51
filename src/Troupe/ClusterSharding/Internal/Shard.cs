using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>
/// One shard: the parent of its entities, which their first messages make.
/// Invariants:
/// <list type="number">
/// <item>An entity that has been told to stop gets no more messages; they wait for its successor.</item>
/// <item>When the shard is handed off, what waits goes back to the region before the shard ends; nothing is lost here.</item>
/// <item>The shard ends after its last entity.</item>
/// </list>
/// </summary>
internal sealed class Shard : UntypedActor, IWithTimers
{
    private readonly string _typeName;
    private readonly string _shardId;
    private readonly Func<string, Props> _entityProps;
    private readonly TuningParameters _tuning;
    private readonly TimeSpan _idleAfter;
    private readonly EnvelopeExtractor _extractor;
    private readonly object _stopMessage;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SortedDictionary<string, Entity> _entities = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, Entity> _byRef = [];
    private readonly WaitingMessages _waiting;
    private bool _handingOff;

    public Shard(string typeName, string shardId, Func<string, Props> entityProps, ClusterShardingSettings settings,
        EnvelopeExtractor extractor, object stopMessage)
    {
        _typeName = typeName;
        _shardId = shardId;
        _entityProps = entityProps;
        _tuning = settings.TuningParameters;
        _idleAfter = settings.PassivateIdleEntityAfter;
        _extractor = extractor;
        _stopMessage = stopMessage;
        _waiting = new WaitingMessages(_tuning.BufferSize);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(string typeName, string shardId, Func<string, Props> entityProps, ClusterShardingSettings settings,
        EnvelopeExtractor extractor, object stopMessage) =>
        Actor.Props.Create(() => new Shard(typeName, shardId, entityProps, settings, extractor, stopMessage));

    protected override void PreStart()
    {
        if (_idleAfter > TimeSpan.Zero) Timers.StartPeriodicTimer(IdleCheck.Instance, IdleCheck.Instance, _idleAfter / 2);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated gone: OnEnded(gone.ActorRef); break;
            case Passivate passivate: OnPassivate(Sender, passivate.StopMessage); break;
            case IdleCheck: StopIdle(); break;
            case HandOff: OnHandOff(); break;
            case HandOffTimeout: OnHandOffTimeout(); break;
            case GetShardRegionState: Sender.Tell(new ShardState(_shardId, [.. _entities.Keys])); break;
            default: Deliver(message, Sender); break;
        }
    }

    private void Deliver(object message, IActorRef sender)
    {
        if (_handingOff)
        {
            Context.Parent.Tell(new Undelivered(message, sender));
            return;
        }
        if (Extract(message) is not { } extracted)
        {
            Unhandled(message);
            return;
        }
        var (id, content) = extracted;
        var entity = _entities.TryGetValue(id, out var running) ? running : Start(id);
        if (!entity.IsStopping)
        {
            entity.LastMessage = Now;
            entity.Ref.Tell(content, sender);
        }
        else if (!_waiting.Add(id, message, sender))
        {
            _log.Warning("{0}: {1} messages wait in the shard [{2}], and no more are kept (akka.cluster.sharding.buffer-size): dropping one "
                + "for the entity [{3}].", _typeName, _waiting.Count, _shardId, id);
            Context.System.DeadLetters.Tell(new DeadLetter(content, sender, entity.Ref));
        }
    }

    private (string Id, object Content)? Extract(object message)
    {
        try
        {
            return _extractor.EntityId(message) is { } id && _extractor.EntityMessage(message) is { } content ? (id, content) : null;
        }
#pragma warning disable CA1031 // an extractor's failure must not cost the shard its entities
        catch (Exception cause)
        {
            _log.Error(cause, "{0}: the message extractor failed on a message of {1}. The message is dropped.", _typeName, message.GetType());
            return null;
        }
#pragma warning restore CA1031
    }

    private Entity Start(string id)
    {
        var actor = Context.Watch(Context.ActorOf(_entityProps(id), Uri.EscapeDataString(id)));
        var entity = new Entity(id, actor) { LastMessage = Now };
        _entities.Add(id, entity);
        _byRef.Add(actor, entity);
        return entity;
    }

    private void OnPassivate(IActorRef actor, object stopMessage)
    {
        if (_handingOff || !_byRef.TryGetValue(actor, out var entity) || entity.IsStopping) return;
        entity.IsStopping = true;
        actor.Tell(stopMessage);
    }

    private void OnEnded(IActorRef actor)
    {
        if (!_byRef.Remove(actor, out var entity)) return;
        _entities.Remove(entity.Id);
        if (_handingOff)
        {
            if (_entities.Count == 0) Context.Stop(Self);
            return;
        }
        foreach (var (message, sender) in _waiting.Take(entity.Id)) Deliver(message, sender);
    }

    private void StopIdle()
    {
        if (_handingOff) return;
        foreach (var entity in _entities.Values.Where(e => !e.IsStopping && Now - e.LastMessage >= _idleAfter).ToList())
            OnPassivate(entity.Ref, _stopMessage);
    }

    private void OnHandOff()
    {
        if (_handingOff) return;
        _handingOff = true;
        foreach (var id in _waiting.Keys.ToList())
        {
            foreach (var (message, sender) in _waiting.Take(id)) Context.Parent.Tell(new Undelivered(message, sender));
        }
        if (_entities.Count == 0)
        {
            Context.Stop(Self);
            return;
        }
        foreach (var entity in _entities.Values.Where(e => !e.IsStopping)) entity.Ref.Tell(_stopMessage);
        Timers.StartSingleTimer(HandOffTimeout.Instance, HandOffTimeout.Instance, _tuning.HandOffTimeout);
    }

    private void OnHandOffTimeout()
    {
        _log.Warning("{0}: {1} entities of the shard [{2}] have not stopped within {3} (akka.cluster.sharding.handoff-timeout): stopping them "
            + "without asking.", _typeName, _entities.Count, _shardId, _tuning.HandOffTimeout);
        Context.Stop(Self);
    }

    /// <summary>From the region: stop, for the shard moves.</summary>
    public sealed record HandOff : INoSerializationVerificationNeeded
    {
        public static readonly HandOff Instance = new();
    }

    /// <summary>To the region: what the shard has not delivered any more.</summary>
    public sealed record Undelivered(object Message, IActorRef Sender) : INoSerializationVerificationNeeded;

    private sealed class Entity(string id, IActorRef actor)
    {
        public string Id { get; } = id;

        public IActorRef Ref { get; } = actor;

        public bool IsStopping { get; set; }

        public TimeSpan LastMessage { get; set; }
    }

    private sealed record IdleCheck : INoSerializationVerificationNeeded
    {
        public static readonly IdleCheck Instance = new();
    }

    private sealed record HandOffTimeout : INoSerializationVerificationNeeded
    {
        public static readonly HandOffTimeout Instance = new();
    }
}
