using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster.Tools.Client;

/// <summary>
/// Takes clients' messages and hands them to the mediator of publish and subscribe, with a <see cref="ResponseTunnel"/> as their sender:
/// answers go back the way the question came, and services need no connection to the client. Knows its clients by their heartbeats.
/// </summary>
internal sealed class ReceptionistActor : UntypedActor, IWithTimers
{
    private readonly IActorRef _mediator;
    private readonly ClusterReceptionistSettings _settings;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SortedSet<UniqueAddress> _members = [];
    private readonly Dictionary<IActorRef, IActorRef> _tunnels = [];
    private readonly SortedDictionary<IActorRef, FailureDetector> _clients = [];
    private readonly List<IActorRef> _subscribers = [];

    public ReceptionistActor(IActorRef mediator, ClusterReceptionistSettings settings) =>
        (_mediator, _settings) = (mediator, settings);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer(CheckTick.Instance, CheckTick.Instance, _settings.FailureDetectionInterval);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Send or SendToAll or Publish: _mediator.Tell(message, TunnelTo(Sender)); break;
            case ReceptionistMessage.Heartbeat: OnHeartbeat(); break;
            case ReceptionistMessage.GetContacts: OnGetContacts(); break;
            case Terminated ended: OnTerminated(ended.ActorRef); break;
            case CheckTick: Check(); break;
            case SubscribeClusterClients: OnSubscribe(); break;
            case UnsubscribeClusterClients: _subscribers.Remove(Sender); break;
            case GetClusterClients: Sender.Tell(Clients()); break;
            case ClusterEvent.CurrentClusterState state: OnSnapshot(state); break;
            case ClusterEvent.IMemberEvent member: OnMember(member.Member); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>One for each sender that asks, for as long as answers come.</summary>
    private IActorRef TunnelTo(IActorRef client)
    {
        if (_tunnels.TryGetValue(client, out var tunnel)) return tunnel;
        var timeout = _settings.ResponseTunnelReceiveTimeout;
        tunnel = Context.Watch(Context.ActorOf(Props.Create(() => new ResponseTunnel(client, timeout)).WithDeploy(Deploy.Local)));
        return _tunnels[client] = tunnel;
    }

    private void OnHeartbeat()
    {
        Heard(Sender);
        Sender.Tell(ReceptionistMessage.HeartbeatRsp.Instance);
    }

    private void OnGetContacts()
    {
        var chosen = ContactChoice.For(
            Sender.Path.ToString()!, _members.Select(member => member.Address).Distinct(), _settings.NumberOfContacts);
        Sender.Tell(new ReceptionistMessage.Contacts([.. chosen.Select(address => address + Self.Path.ToStringWithoutAddress())]));
        Heard(Sender);
    }

    private void Heard(IActorRef client)
    {
        if (!_clients.TryGetValue(client, out var detector))
        {
            detector = _clients[client] = new DeadlineFailureDetector(
                _settings.AcceptableHeartbeatPause, _settings.HeartbeatInterval,
                FailureDetector.ClockOf(((ActorSystemImpl)Context.System).Seams));
            _log.Debug("A client has come: [{0}]", client.Path);
            TellSubscribers(new ClusterClientUp(client));
        }
        detector.HeartBeat();
    }

    private void Check()
    {
        foreach (var client in _clients.Where(entry => !entry.Value.IsAvailable).Select(entry => entry.Key).ToList())
        {
            _clients.Remove(client);
            _log.Debug("A client is gone: [{0}]", client.Path);
            TellSubscribers(new ClusterClientUnreachable(client));
        }
    }

    private void OnTerminated(IActorRef actor)
    {
        _subscribers.Remove(actor);
        foreach (var client in _tunnels.Where(entry => entry.Value.Equals(actor)).Select(entry => entry.Key).ToList())
            _tunnels.Remove(client);
    }

    private void OnSubscribe()
    {
        if (!_subscribers.Contains(Sender)) _subscribers.Add(Context.Watch(Sender));
        Sender.Tell(Clients());
    }

    private ClusterClients Clients() => new(_clients.Keys.ToImmutableHashSet());

    private void TellSubscribers(IClusterClientInteraction interaction)
    {
        foreach (var subscriber in _subscribers) subscriber.Tell(interaction);
    }

    private void OnSnapshot(ClusterEvent.CurrentClusterState state)
    {
        foreach (var member in state.Members) OnMember(member);
    }

    private void OnMember(Member member)
    {
        if (_settings.Role is { } role && !member.HasRole(role)) return;
        switch (member.Status)
        {
            case MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving:
                _members.Add(member.UniqueAddress);
                break;
            case MemberStatus.Removed when member.UniqueAddress == _cluster.SelfUniqueAddress:
                Context.Stop(Self);
                break;
            case MemberStatus.Exiting or MemberStatus.Down or MemberStatus.Removed:
                _members.Remove(member.UniqueAddress);
                break;
            default:
                break; // it only joins
        }
    }

    private sealed class CheckTick
    {
        public static readonly CheckTick Instance = new();
    }
}
