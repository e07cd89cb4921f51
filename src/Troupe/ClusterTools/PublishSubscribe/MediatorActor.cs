using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Routing;
using Troupe.Platform;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>
/// Passes messages on to actors on any member, by the registry that the mediators keep together; topics and groups are entries that
/// lead to the mediator of the member where the subscribers are.
/// </summary>
internal sealed class MediatorActor : UntypedActor, IWithTimers
{
    private readonly DistributedPubSubSettings _settings;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Seams _seams = ((ActorSystemImpl)Context.System).Seams;
    private readonly PubSubRegistry _registry;
    private readonly LocalSubscribers _subscribers = new();
    private readonly SortedSet<UniqueAddress> _members = [];

    public MediatorActor(DistributedPubSubSettings settings)
    {
        _settings = settings;
        _registry = new PubSubRegistry(_cluster.SelfUniqueAddress);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DistributedPubSubSettings settings) =>
        Actor.Props.Create(() => new MediatorActor(settings)).WithDeploy(Deploy.Local);

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer(GossipTick.Instance, GossipTick.Instance, _settings.GossipInterval);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Send send: OnSend(send); break;
            case SendToAll send: OnSendToAll(send); break;
            case Publish publish when publish.SendOneMessageToEachGroup: OnPublishToGroups(publish); break;
            case Publish publish: OnPublish(publish); break;
            case MediatorMessage.Deliver deliver: DeliverHere(deliver); break;
            case Put put: OnPut(put.Ref); break;
            case Remove remove: OnRemove(remove.Path); break;
            case Subscribe subscribe: OnSubscribe(subscribe); break;
            case Unsubscribe unsubscribe: OnUnsubscribe(unsubscribe); break;
            case Terminated ended: OnTerminated(ended.ActorRef); break;
            case GetTopics: Sender.Tell(new CurrentTopics([.. _registry.Keys.Select(RegistryKeys.TopicOf).OfType<string>()])); break;
            case GossipTick: Gossip(); break;
            case MediatorMessage.Status status: OnStatus(status); break;
            case MediatorMessage.Delta delta: _registry.Merge(delta.Buckets, _members); break;
            case ClusterEvent.CurrentClusterState state: OnSnapshot(state); break;
            case ClusterEvent.IMemberEvent member: OnMember(member.Member); break;
            default: Unhandled(message); break;
        }
    }

    private long Now => _seams.Clock.UtcNow.ToUnixTimeMilliseconds();

    private void OnSend(Send send)
    {
        var key = RegistryKeys.OfPath(send.Path);
        if (send.LocalAffinity && _registry.Own(key) is { } here) here.Forward(send.Message);
        else SendToOne([.. _registry.At(key).Select(offer => offer.Actor)], send.Message, send);
    }

    private void OnSendToAll(SendToAll send)
    {
        var offers = _registry.At(RegistryKeys.OfPath(send.Path))
            .Where(offer => !send.ExcludeSelf || offer.Owner != _cluster.SelfUniqueAddress).ToList();
        foreach (var (_, actor) in offers) actor.Forward(send.Message);
        if (offers.Count == 0) NobodyTakes(send);
    }

    private void OnPublish(Publish publish)
    {
        var mediators = _registry.At(RegistryKeys.OfTopic(publish.Topic, null)).ToList();
        foreach (var (owner, mediator) in mediators)
        {
            var deliver = new MediatorMessage.Deliver(publish.Topic, null, publish.Message);
            if (owner == _cluster.SelfUniqueAddress) DeliverHere(deliver);
            else mediator.Forward(deliver);
        }
        if (mediators.Count == 0) NobodyTakes(publish);
    }

    private void OnPublishToGroups(Publish publish)
    {
        var groups = _registry.Keys.Select(key => RegistryKeys.GroupOf(key, publish.Topic)).OfType<string>().ToList();
        foreach (var group in groups)
        {
            var mediators = _registry.At(RegistryKeys.OfTopic(publish.Topic, group)).Select(offer => offer.Actor).ToList();
            SendToOne(mediators, new MediatorMessage.Deliver(publish.Topic, group, publish.Message), publish);
        }
        if (groups.Count == 0) NobodyTakes(publish);
    }

    private void DeliverHere(MediatorMessage.Deliver deliver)
    {
        var subscribers = _subscribers.At(deliver.Topic, deliver.Group);
        if (deliver.Group is not null) SendToOne(subscribers, deliver.Message, deliver.Message);
        else foreach (var subscriber in subscribers) subscriber.Forward(deliver.Message);
    }

    private void SendToOne(IReadOnlyList<IActorRef> actors, object message, object original)
    {
        if (actors.Count == 0) NobodyTakes(original);
        else if (actors.Count == 1) actors[0].Forward(message);
        else _settings.RoutingLogic.Select(message, [.. actors.Select(Routee.FromActorRef)]).Send(message, Sender);
    }

    private void NobodyTakes(object message)
    {
        if (_settings.SendToDeadLettersWhenNoSubscribers)
            Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self));
    }

    private void OnPut(IActorRef actor)
    {
        if (actor.Path.Address.HasGlobalScope)
        {
            Context.GetLogger().Warning("[{0}] is an actor of another node; put it there.", actor.Path);
            return;
        }
        _registry.Offer(RegistryKeys.OfPath(actor.Path.ToStringWithoutAddress()), actor, Now);
        Context.Watch(actor);
    }

    private void OnRemove(string path)
    {
        var key = RegistryKeys.OfPath(path);
        if (_registry.Own(key) is not { } actor) return;
        _registry.Offer(key, null, Now);
        if (_subscribers.Of(actor).Count == 0) Context.Unwatch(actor);
    }

    private void OnSubscribe(Subscribe subscribe)
    {
        if (_subscribers.Add(subscribe.Topic, subscribe.Group, subscribe.Ref))
            _registry.Offer(RegistryKeys.OfTopic(subscribe.Topic, subscribe.Group), Self, Now);
        Context.Watch(subscribe.Ref);
        Sender.Tell(new SubscribeAck(subscribe));
    }

    private void OnUnsubscribe(Unsubscribe unsubscribe)
    {
        EndSubscription(unsubscribe.Topic, unsubscribe.Group, unsubscribe.Ref);
        if (_subscribers.Of(unsubscribe.Ref).Count == 0 && !Equals(_registry.Own(KeyOf(unsubscribe.Ref)), unsubscribe.Ref))
            Context.Unwatch(unsubscribe.Ref);
        Sender.Tell(new UnsubscribeAck(unsubscribe));
    }

    private void OnTerminated(IActorRef actor)
    {
        if (Equals(_registry.Own(KeyOf(actor)), actor)) _registry.Offer(KeyOf(actor), null, Now);
        foreach (var (topic, group) in _subscribers.Of(actor)) EndSubscription(topic, group, actor);
    }

    private void EndSubscription(string topic, string? group, IActorRef actor)
    {
        if (_subscribers.Remove(topic, group, actor)) _registry.Offer(RegistryKeys.OfTopic(topic, group), null, Now);
    }

    private static string KeyOf(IActorRef actor) => RegistryKeys.OfPath(actor.Path.ToStringWithoutAddress());

    private void Gossip()
    {
        _registry.Prune((long)_settings.RemovedTimeToLive.TotalMilliseconds);
        var others = _members.Where(member => member != _cluster.SelfUniqueAddress).ToList();
        if (others.Count == 0) return;
        var other = others[_seams.Entropy.Next(others.Count)];
        var mediator = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(
            other.Address + Self.Path.ToStringWithoutAddress());
        mediator.Tell(new MediatorMessage.Status(_registry.Versions, IsReply: false));
    }

    private void OnStatus(MediatorMessage.Status status)
    {
        if (_registry.IsAheadOf(status.Versions))
            Sender.Tell(new MediatorMessage.Delta(_registry.Since(status.Versions, _settings.MaxDeltaElements)));
        if (!status.IsReply && _registry.IsBehind(status.Versions, _members))
            Sender.Tell(new MediatorMessage.Status(_registry.Versions, IsReply: true));
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
            case MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving or MemberStatus.Exiting:
                _members.Add(member.UniqueAddress);
                break;
            case MemberStatus.Removed when member.UniqueAddress == _cluster.SelfUniqueAddress:
                Context.Stop(Self);
                break;
            case MemberStatus.Removed or MemberStatus.Down:
                _members.Remove(member.UniqueAddress);
                _registry.Forget(member.UniqueAddress);
                break;
            default:
                break; // it only joins
        }
    }

    private sealed class GossipTick
    {
        public static readonly GossipTick Instance = new();
    }
}
