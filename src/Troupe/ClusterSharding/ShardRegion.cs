using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding.Internal;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>
/// The door to the entities of one type, on one node: brings each message to the region that has its shard, and hosts the shards
/// that the
/// coordinator has given it. Without entity props it is a proxy, which hosts none.
/// </summary>
public sealed partial class ShardRegion : ActorBase, IWithTimers
{
    // Looking for the coordinator begins at this pace and slows down to the retry interval.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);

    // How long a region that leaves stays after its last shard has gone.
    private static readonly TimeSpan Stragglers = TimeSpan.FromMilliseconds(200);

    private readonly string _typeName;
    private readonly Func<string, Props>? _entityProps;
    private readonly ClusterShardingSettings _settings;
    private readonly string _coordinatorPath;
    private readonly EnvelopeExtractor _extractor;
    private readonly object _stopMessage;
    private readonly TaskCompletionSource<Done> _ended;
    private readonly PlantedBugs _bugs;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RoleMembers _members;
    private readonly RegionBook _book;
    private readonly SortedDictionary<string, IActorRef> _shards = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, string> _shardNames = [];
    private IActorRef? _coordinator;
    private TimeSpan _retry = FirstRetry;
    private bool _leaving;

    internal ShardRegion(string typeName, Func<string, Props>? entityProps, ClusterShardingSettings settings, string coordinatorPath,
        IMessageExtractor messageExtractor, object handOffStopMessage, TaskCompletionSource<Done> ended, PlantedBugs bugs)
    {
        _typeName = typeName;
        _entityProps = entityProps;
        _settings = settings;
        _coordinatorPath = coordinatorPath;
        _extractor = new EnvelopeExtractor(messageExtractor);
        _stopMessage = handOffStopMessage;
        _ended = ended;
        _bugs = bugs;
        _members = new RoleMembers(settings.Role);
        _book = new RegionBook(Self, settings.TuningParameters.BufferSize);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan RetryInterval => _settings.TuningParameters.RetryInterval;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        RetryLater();
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _ended.TrySetResult(Done.Instance);
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state: OnMembers(m => m.Reset(state)); break;
            case ClusterEvent.IMemberEvent change: OnMembers(m => m.On(change)); break;
            case Terminated gone: OnGone(gone.ActorRef); break;
            case Retry: OnRetry(); break;
            case Leave: LeaveIfEmpty(); break;
            case ShardingMessage.Registered: OnRegistered(); break;
            // What an earlier coordinator said may come late, and must not undo what the present one has decided since.
            case ShardingMessage told: if (Sender.Equals(_coordinator)) OnTold(told); break;
            case IShardRegionQuery query: OnQuery(query); break;
            case GracefulShutdown: OnGracefulShutdown(); break;
            case Passivate: _log.Warning("{0}: Passivate is for an entity's parent, its shard, not for the region. Ignored.", _typeName); break;
            case StartEntity start: OnStartEntity(start); break;
            case Shard.Undelivered undelivered: Deliver(undelivered.Message, undelivered.Sender); break;
            default: Deliver(message, Sender); break;
        }
        return true;
    }

    private void Deliver(object message, IActorRef sender)
    {
        if (ShardOf(message) is not { } shard)
        {
            Unhandled(message);
            return;
        }
        if (_book.RouteOf(shard) is { } home)
        {
            Hand(shard, home, message, sender);
            return;
        }
        var isFirst = !_book.Wanted.Contains(shard);
        if (!_book.Wait(shard, message, sender))
        {
            _log.Warning("{0}: {1} messages wait for their shards, and no more are kept (akka.cluster.sharding.buffer-size): dropping one "
                + "for the shard [{2}].", _typeName, _book.Waiting, shard);
            Context.System.DeadLetters.Tell(new DeadLetter(message, sender, Self));
            return;
        }
        if (isFirst) _coordinator?.Tell(new ShardingMessage.GetShardHome(shard));
    }

    private string? ShardOf(object message)
    {
        try
        {
            return _extractor.EntityId(message) is { } entity ? _extractor.ShardId(entity, message) : null;
        }
#pragma warning disable CA1031 // an extractor's failure must not cost the region its shards
        catch (Exception cause)
        {
            _log.Error(cause, "{0}: the message extractor failed on a message of {1}. The message is dropped.", _typeName, message.GetType());
            return null;
        }
#pragma warning restore CA1031
    }

    private void Hand(string shard, IActorRef home, object message, IActorRef sender)
    {
        if (home.Equals(Self)) ShardHere(shard).Tell(message, sender);
        else home.Tell(message, sender);
    }

    private IActorRef ShardHere(string shard)
    {
        if (_shards.TryGetValue(shard, out var running)) return running;
        var props = Shard.Props(_typeName, shard, _entityProps!, _settings, _extractor, _stopMessage);
        var started = Context.Watch(Context.ActorOf(props, Uri.EscapeDataString(shard)));
        _shards.Add(shard, started);
        _shardNames.Add(started, shard);
        return started;
    }

    private void OnTold(ShardingMessage told)
    {
        switch (told)
        {
            case ShardingMessage.Released when _leaving:
                // What others sent before they heard of the hand-offs may still be on its way.
                Timers.StartSingleTimer(Leave.Instance, Leave.Instance, Stragglers);
                break;
            case ShardingMessage.ShardHome m:
                OnHome(m.Shard, m.Region);
                break;
            case ShardingMessage.HostShard m when _entityProps is not null && !_book.IsStopping(m.Shard):
                OnHome(m.Shard, Self);
                Sender.Tell(new ShardingMessage.ShardStarted(m.Shard));
                break;
            case ShardingMessage.BeginHandOff m:
                _book.OnBeginHandOff(m.Shard);
                Sender.Tell(new ShardingMessage.HandOffBegun(m.Shard));
                break;
            case ShardingMessage.HandOff m:
                OnHandOff(m.Shard);
                break;
        }
    }

    private void OnHome(string shard, IActorRef home)
    {
        if (!_book.Learn(shard, home)) return;
        if (home.Equals(Self)) ShardHere(shard);
        else Context.Watch(home);
        foreach (var (message, sender) in _book.TakeWaiting(shard)) Hand(shard, home, message, sender);
    }

    private void OnHandOff(string shard)
    {
        if (!_shards.TryGetValue(shard, out var running))
        {
            _book.OnStopping(shard, Sender);
            _book.OnStopped(shard);
            Sender.Tell(new ShardingMessage.ShardStopped(shard));
            return;
        }
        if (!_book.IsStopping(shard)) running.Tell(Shard.HandOff.Instance);
        _book.OnStopping(shard, Sender);
        if (_bugs == PlantedBugs.StoppedTooEarly) Sender.Tell(new ShardingMessage.ShardStopped(shard));
    }

    private void OnGone(IActorRef gone)
    {
        if (_shardNames.Remove(gone, out var shard))
        {
            _shards.Remove(shard);
            if (_bugs == PlantedBugs.WaitingForgotten) _book.TakeWaiting(shard);
            _book.OnStopped(shard)?.Tell(new ShardingMessage.ShardStopped(shard));
            return;
        }
        _book.Forget(gone);
        if (!gone.Equals(_coordinator)) return;
        _coordinator = null;
        _retry = FirstRetry;
        Register();
    }

    private sealed record Leave : INoSerializationVerificationNeeded
    {
        public static readonly Leave Instance = new();
    }

    private sealed record Retry : INoSerializationVerificationNeeded
    {
        public static readonly Retry Instance = new();
    }
}
