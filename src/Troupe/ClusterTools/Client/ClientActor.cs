using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster.Tools.Client;

/// <summary>
/// Looks for a receptionist, holds on to it as long as it answers heartbeats, and looks for another one then.
/// <para>Without contact: asks all receptionists that it knows, and the initial ones, which receptionists there are; asks those who they
/// are; the first that answers is the contact. Messages wait meanwhile.</para>
/// </summary>
internal sealed class ClientActor : UntypedActor, IWithTimers
{
    private readonly ClusterClientSettings _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly MessageBuffer _waiting;
    private readonly List<IActorRef> _subscribers = [];
    private ImmutableSortedSet<ActorPath> _contacts = [];
    private FailureDetector _detector = null!;
    private IActorRef? _receptionist;

    public ClientActor(ClusterClientSettings settings)
    {
        _settings = settings;
        _waiting = new MessageBuffer(settings.BufferSize);
        _contacts = [.. settings.InitialContacts];
        if (_contacts.Count == 0)
            throw new ArgumentException("A cluster client needs a contact: WithInitialContacts, or akka.cluster.client.initial-contacts.");
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => LookForContact();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterClient.Send send: Pass(new Send(send.Path, send.Message, send.LocalAffinity)); break;
            case ClusterClient.SendToAll send: Pass(new SendToAll(send.Path, send.Message)); break;
            case ClusterClient.Publish publish: Pass(new Publish(publish.Topic, publish.Message)); break;
            case ReceptionistMessage.HeartbeatRsp: OnHeartbeat(); break;
            case ReceptionistMessage.Contacts contacts: OnContacts(contacts); break;
            case ActorIdentity { Subject: { } subject } when _receptionist is null && !subject.IsNobody(): OnContact(subject); break;
            case ActorIdentity: break; // nobody there, or there is contact already
            case HeartbeatTick: Beat(); break;
            case EstablishTick: AskForContacts(); break;
            case RefreshTick: _receptionist?.Tell(ReceptionistMessage.GetContacts.Instance); break;
            case ReconnectTimeout: GiveUp(); break;
            case IGetContactPoints: Sender.Tell(Points()); break;
            case ISubscribeContactPoints: OnSubscribe(); break;
            case IUnsubscribeContactPoints: _subscribers.Remove(Sender); break;
            case Terminated ended: _subscribers.Remove(ended.ActorRef); break;
            default: Unhandled(message); break;
        }
    }

    private void Pass(object message)
    {
        if (_receptionist is not null) _receptionist.Tell(message, Sender);
        else if (!_waiting.Add(message, Sender)) _log.Warning("There is no contact, and a message was dropped: the buffer holds {0}.", _settings.BufferSize);
    }

    private void LookForContact()
    {
        _receptionist = null;
        Timers.CancelAll();
        if (_settings.ReconnectTimeout is { } timeout)
            Timers.StartSingleTimer(ReconnectTimeout.Instance, ReconnectTimeout.Instance, timeout);
        Timers.StartPeriodicTimer(EstablishTick.Instance, EstablishTick.Instance, _settings.EstablishingGetContactsInterval);
        AskForContacts();
    }

    private void AskForContacts()
    {
        foreach (var path in _contacts.Union(_settings.InitialContacts))
            Context.ActorSelection(path).Tell(ReceptionistMessage.GetContacts.Instance);
    }

    private void OnContacts(ReceptionistMessage.Contacts message)
    {
        var known = message.Points.Where(point => ActorPath.TryParse(point, out _)).Select(ActorPath.Parse).ToImmutableSortedSet();
        if (known.Count == 0) return;
        var before = _contacts;
        _contacts = known;
        foreach (var path in known.Except(before)) TellSubscribers(new ContactPointAdded(path));
        foreach (var path in before.Except(known)) TellSubscribers(new ContactPointRemoved(path));
        if (_receptionist is not null) return;
        foreach (var path in known) Context.ActorSelection(path).Tell(new Identify("receptionist"));
    }

    private void OnContact(IActorRef receptionist)
    {
        _log.Info("Connected to [{0}]", receptionist.Path);
        _receptionist = receptionist;
        _detector = new DeadlineFailureDetector(_settings.AcceptableHeartbeatPause, _settings.HeartbeatInterval,
            FailureDetector.ClockOf(((ActorSystemImpl)Context.System).Seams));
        _detector.HeartBeat();
        Timers.CancelAll();
        Timers.StartPeriodicTimer(HeartbeatTick.Instance, HeartbeatTick.Instance, _settings.HeartbeatInterval);
        Timers.StartPeriodicTimer(RefreshTick.Instance, RefreshTick.Instance, _settings.RefreshContactsInterval);
        _waiting.PassTo(receptionist);
    }

    private void OnHeartbeat()
    {
        if (_receptionist is not null) _detector.HeartBeat();
    }

    private void Beat()
    {
        if (_receptionist is null) return;
        if (_detector.IsAvailable)
        {
            _receptionist.Tell(ReceptionistMessage.Heartbeat.Instance);
            return;
        }
        _log.Info("Lost contact with [{0}], and looking for another receptionist", _receptionist.Path);
        LookForContact();
    }

    private void GiveUp()
    {
        _log.Warning("There has been no contact for {0}: this client ends.", _settings.ReconnectTimeout);
        Context.Stop(Self);
    }

    private ContactPoints Points() => new(_contacts.ToImmutableHashSet());

    private void OnSubscribe()
    {
        if (!_subscribers.Contains(Sender)) _subscribers.Add(Context.Watch(Sender));
        Sender.Tell(Points());
    }

    private void TellSubscribers(IContactPointChange change)
    {
        foreach (var subscriber in _subscribers) subscriber.Tell(change);
    }

    private sealed class HeartbeatTick
    {
        public static readonly HeartbeatTick Instance = new();
    }

    private sealed class EstablishTick
    {
        public static readonly EstablishTick Instance = new();
    }

    private sealed class RefreshTick
    {
        public static readonly RefreshTick Instance = new();
    }

    private sealed class ReconnectTimeout
    {
        public static readonly ReconnectTimeout Instance = new();
    }
}
