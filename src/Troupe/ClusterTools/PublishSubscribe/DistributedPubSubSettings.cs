using Akka.Actor;
using Akka.Configuration;
using Akka.Routing;
using Troupe.Platform;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>The settings of a <see cref="DistributedPubSub"/>. Immutable.</summary>
public sealed class DistributedPubSubSettings : INoSerializationVerificationNeeded
{
    public DistributedPubSubSettings(string? role, RoutingLogic routingLogic, TimeSpan gossipInterval, TimeSpan removedTimeToLive,
        int maxDeltaElements, bool sendToDeadLettersWhenNoSubscribers)
    {
        ArgumentNullException.ThrowIfNull(routingLogic);
        if (routingLogic is ConsistentHashingRoutingLogic)
            throw new ArgumentException("Consistent hashing cannot choose among what comes and goes in the cluster.", nameof(routingLogic));
        Role = string.IsNullOrEmpty(role) ? null : role;
        RoutingLogic = routingLogic;
        GossipInterval = gossipInterval;
        RemovedTimeToLive = removedTimeToLive;
        MaxDeltaElements = maxDeltaElements;
        SendToDeadLettersWhenNoSubscribers = sendToDeadLettersWhenNoSubscribers;
    }

    /// <summary>Members that take part have it; null: all do.</summary>
    public string? Role { get; }

    /// <summary>Chooses one of several receivers.</summary>
    public RoutingLogic RoutingLogic { get; }

    public TimeSpan GossipInterval { get; }

    /// <summary>How long it is remembered that something was removed.</summary>
    public TimeSpan RemovedTimeToLive { get; }

    /// <summary>The most entries in one message between mediators.</summary>
    public int MaxDeltaElements { get; }

    public bool SendToDeadLettersWhenNoSubscribers { get; }

    public static DistributedPubSubSettings Create(ActorSystem system) =>
        Create(Section(system.Settings.Config), ((ActorSystemImpl)system).Seams.Entropy);

    public static DistributedPubSubSettings Create(Config config) => Create(config, new SystemEntropy());

    public DistributedPubSubSettings WithRole(string? role) => Copy(role: role ?? "");

    public DistributedPubSubSettings WithRoutingLogic(RoutingLogic routingLogic) => Copy(routingLogic: routingLogic);

    public DistributedPubSubSettings WithGossipInterval(TimeSpan gossipInterval) => Copy(gossipInterval: gossipInterval);

    public DistributedPubSubSettings WithRemovedTimeToLive(TimeSpan removedTtl) => Copy(removedTimeToLive: removedTtl);

    public DistributedPubSubSettings WithMaxDeltaElements(int maxDeltaElements) => Copy(maxDeltaElements: maxDeltaElements);

    public DistributedPubSubSettings WithSendToDeadLettersWhenNoSubscribers(bool sendToDeadLetterWhenNoSubscribers) =>
        Copy(deadLetters: sendToDeadLetterWhenNoSubscribers);

    internal static Config Section(Config config) => config.GetConfig("akka.cluster.pub-sub")
        ?? throw new ConfigurationException("There is no configuration akka.cluster.pub-sub.");

    private static DistributedPubSubSettings Create(Config config, IEntropy entropy)
    {
        var name = config.GetString("routing-logic");
        RoutingLogic logic = name switch
        {
            "random" => new RandomLogic(entropy),
            "round-robin" => new RoundRobinRoutingLogic(),
            "broadcast" => new BroadcastRoutingLogic(),
            _ => throw new ConfigurationException(
                $"akka.cluster.pub-sub.routing-logic is [{name}], but it must be random, round-robin or broadcast."),
        };
        return new DistributedPubSubSettings(
            config.GetString("role"), logic, config.GetTimeSpan("gossip-interval"), config.GetTimeSpan("removed-time-to-live"),
            config.GetInt("max-delta-elements"), config.GetBoolean("send-to-dead-letters-when-no-subscribers"));
    }

    private DistributedPubSubSettings Copy(string? role = null, RoutingLogic? routingLogic = null, TimeSpan? gossipInterval = null,
        TimeSpan? removedTimeToLive = null, int? maxDeltaElements = null, bool? deadLetters = null) =>
        new(role ?? Role, routingLogic ?? RoutingLogic, gossipInterval ?? GossipInterval, removedTimeToLive ?? RemovedTimeToLive,
            maxDeltaElements ?? MaxDeltaElements, deadLetters ?? SendToDeadLettersWhenNoSubscribers);
}
