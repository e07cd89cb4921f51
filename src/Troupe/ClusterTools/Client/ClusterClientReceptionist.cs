using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Client;

/// <summary>Lets clients from outside of the cluster in, through a receptionist on this member, to the services registered here.</summary>
public sealed class ClusterClientReceptionist : IExtension
{
    private readonly Cluster _cluster;
    private readonly string? _role;
    private readonly IActorRef _mediator;

    public ClusterClientReceptionist(ExtendedActorSystem system)
    {
        _cluster = Cluster.Get(system);
        var settings = ClusterReceptionistSettings.Create(system);
        _role = settings.Role;
        _mediator = DistributedPubSub.Get(system).Mediator;
        var section = ClusterReceptionistSettings.Section(system.Settings.Config);
        Underlying = IsTerminated
            ? system.DeadLetters
            : system.SystemActorOf(
                DistributedPubSub.Dispatched(ClusterReceptionist.Props(_mediator, settings), section), section.GetString("name")!);
    }

    /// <summary>Is this node no member, or one without the role?</summary>
    public bool IsTerminated => _cluster.IsTerminated || (_role is not null && !_cluster.SelfRoles.Contains(_role));

    /// <summary>The receptionist itself, for <see cref="SubscribeClusterClients"/> and <see cref="GetClusterClients"/>.</summary>
    public IActorRef Underlying { get; }

    public static ClusterClientReceptionist Get(ActorSystem system) =>
        system.WithExtension<ClusterClientReceptionist, ClusterClientReceptionistExtensionProvider>();

    public static Config DefaultConfig() =>
        ConfigurationFactory.FromResource<ClusterClientReceptionist>("cluster-client.conf")
            .WithFallback(DistributedPubSub.DefaultConfig());

    /// <summary>Lets clients send to this actor, by its path without an address.</summary>
    public void RegisterService(IActorRef actorRef) => _mediator.Tell(new Put(actorRef));

    public void UnregisterService(IActorRef actorRef) => _mediator.Tell(new Remove(actorRef.Path.ToStringWithoutAddress()));

    /// <summary>Lets this actor hear what clients, and anybody else, publish to the topic.</summary>
    public void RegisterSubscriber(string topic, IActorRef actorRef) => _mediator.Tell(new Subscribe(topic, actorRef));

    public void UnregisterSubscriber(string topic, IActorRef actorRef) => _mediator.Tell(new Unsubscribe(topic, actorRef));
}

/// <summary>Makes the <see cref="ClusterClientReceptionist"/> of a system.</summary>
public sealed class ClusterClientReceptionistExtensionProvider : ExtensionIdProvider<ClusterClientReceptionist>
{
    public override ClusterClientReceptionist CreateExtension(ExtendedActorSystem system) => new(system);
}
