using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Finds the singleton at the oldest member by asking it for its identity, and watches it. It is looked for anew whenever the oldest
/// member changes or the singleton ends.
/// </summary>
internal sealed class SingletonProxyActor : UntypedActor, IWithTimers
{
    private readonly string _managerPath;
    private readonly ClusterSingletonProxySettings _settings;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SingletonMembers _members;
    private readonly MessageBuffer _waiting;
    private UniqueAddress? _oldest;
    private IActorRef? _singleton;
    private int _search;

    public SingletonProxyActor(string managerPath, ClusterSingletonProxySettings settings)
    {
        (_managerPath, _settings) = (managerPath, settings);
        _members = new SingletonMembers(settings.Role);
        _waiting = new MessageBuffer(settings.BufferSize);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => _cluster.Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                _members.Reset(state.Members);
                Follow();
                break;
            case ClusterEvent.MemberRemoved removed when removed.Member.UniqueAddress == _cluster.SelfUniqueAddress:
                Context.Stop(Self);
                break;
            case ClusterEvent.IMemberEvent member:
                _members.Update(member.Member);
                Follow();
                break;
            case SearchTick:
                AskForIdentity();
                break;
            case ActorIdentity identity when Equals(identity.MessageId, SearchId):
                if (identity.Subject is { } found && !found.IsNobody()) Found(found);
                break;
            case ActorIdentity:
                break; // of an earlier search
            case Terminated ended:
                if (ended.ActorRef.Equals(_singleton)) Search();
                break;
            default:
                Pass(message);
                break;
        }
    }

    private string SearchId => $"singleton {_search}";

    private void Follow()
    {
        if (_members.Oldest == _oldest) return;
        _oldest = _members.Oldest;
        Search();
    }

    private void Search()
    {
        if (_singleton is not null) Context.Unwatch(_singleton);
        _singleton = null;
        _search++;
        Timers.StartPeriodicTimer(SearchTick.Instance, SearchTick.Instance, _settings.SingletonIdentificationInterval);
        AskForIdentity();
    }

    private void AskForIdentity()
    {
        if (_oldest is null) return;
        var path = $"{_managerPath}/{_settings.SingletonName}";
        var at = _oldest == _cluster.SelfUniqueAddress ? path : _oldest.Address + path;
        Context.ActorSelection(at).Tell(new Identify(SearchId));
    }

    private void Found(IActorRef singleton)
    {
        Timers.Cancel(SearchTick.Instance);
        if (_singleton is not null) return;
        _log.Debug("The singleton is at [{0}]", singleton.Path);
        _singleton = Context.Watch(singleton);
        _waiting.PassTo(_singleton);
    }

    private void Pass(object message)
    {
        if (_singleton is not null) _singleton.Forward(message);
        else if (!_waiting.Add(message, Sender)) _log.Debug("Nothing is kept while the singleton is not known: [{0}] is dropped.", message.GetType());
    }

    private sealed class SearchTick
    {
        public static readonly SearchTick Instance = new();
    }
}
