using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>
/// Publish and subscribe over the members of a cluster, and sending to an actor by its path on whichever members it was put there.
/// <para>At most once: a message to a member that has died, and is not removed yet, is lost.</para>
/// </summary>
public sealed class DistributedPubSub : IExtension
{
    private readonly Cluster _cluster;
    private readonly DistributedPubSubSettings _settings;

    public DistributedPubSub(ExtendedActorSystem system)
    {
        _cluster = Cluster.Get(system);
        _settings = DistributedPubSubSettings.Create(system);
        var section = DistributedPubSubSettings.Section(system.Settings.Config);
        Mediator = IsTerminated
            ? system.DeadLetters
            : system.SystemActorOf(Dispatched(MediatorActor.Props(_settings), section), section.GetString("name")!);
    }

    /// <summary>Is this node no member, or one without the role?</summary>
    public bool IsTerminated =>
        _cluster.IsTerminated || (_settings.Role is { } role && !_cluster.SelfRoles.Contains(role));

    /// <summary>Takes <see cref="Subscribe"/>, <see cref="Publish"/>, <see cref="Put"/>, <see cref="Send"/> and their like.</summary>
    public IActorRef Mediator { get; }

    public static DistributedPubSub Get(ActorSystem system) =>
        system.WithExtension<DistributedPubSub, DistributedPubSubExtensionProvider>();

    public static Config DefaultConfig() => ConfigurationFactory.FromResource<DistributedPubSub>("cluster-pub-sub.conf");

    internal static Props Dispatched(Props props, Config section) =>
        section.GetString("use-dispatcher") is { Length: > 0 } dispatcher ? props.WithDispatcher(dispatcher) : props;
}

/// <summary>Makes the <see cref="DistributedPubSub"/> of a system.</summary>
public sealed class DistributedPubSubExtensionProvider : ExtensionIdProvider<DistributedPubSub>
{
    public override DistributedPubSub CreateExtension(ExtendedActorSystem system) => new(system);
}
