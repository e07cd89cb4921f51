using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;

namespace Akka.Cluster.Sharding;

/// <summary>The settings of one entity type. Immutable; the defaults are in <c>cluster-sharding.conf</c>.</summary>
public sealed class ClusterShardingSettings : INoSerializationVerificationNeeded
{
#pragma warning disable CA1051 // Akka.NET's signature
    /// <summary>Members with this role host the type; empty for all.</summary>
    public readonly string Role;

    public readonly bool RememberEntities;

    /// <summary>Zero when entities are never stopped for being idle.</summary>
    public readonly TimeSpan PassivateIdleEntityAfter;

    public readonly StateStoreMode StateStoreMode;
    public readonly TimeSpan ShardRegionQueryTimeout;
    public readonly TuningParameters TuningParameters;
    public readonly ClusterSingletonManagerSettings CoordinatorSingletonSettings;
#pragma warning restore CA1051

    private ClusterShardingSettings(string role, bool rememberEntities, TimeSpan passivateIdleEntityAfter, StateStoreMode stateStoreMode,
        TimeSpan shardRegionQueryTimeout, TuningParameters tuningParameters, ClusterSingletonManagerSettings coordinatorSingletonSettings)
    {
        Role = role;
        RememberEntities = rememberEntities;
        PassivateIdleEntityAfter = passivateIdleEntityAfter;
        StateStoreMode = stateStoreMode;
        ShardRegionQueryTimeout = shardRegionQueryTimeout;
        TuningParameters = tuningParameters;
        CoordinatorSingletonSettings = coordinatorSingletonSettings;
    }

    public static ClusterShardingSettings Create(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var config = system.Settings.Config.GetConfig("akka.cluster.sharding")!;
        return Create(config, config.GetConfig("coordinator-singleton")!);
    }

    public static ClusterShardingSettings Create(Config config, Config singletonConfig)
    {
        ArgumentNullException.ThrowIfNull(config);
        var role = config.GetString("role") ?? "";
        return new ClusterShardingSettings(
            role,
            config.GetBoolean("remember-entities"),
            config.GetString("passivate-idle-entity-after") == "off" ? TimeSpan.Zero : config.GetTimeSpan("passivate-idle-entity-after"),
            Mode(config.GetString("state-store-mode")),
            config.GetTimeSpan("shard-region-query-timeout"),
            new TuningParameters(config),
            ClusterSingletonManagerSettings.Create(singletonConfig).WithRole(role));
    }

    public ClusterShardingSettings WithRole(string role) => Copy(role: role ?? "");

    /// <summary>No longer than zero turns it off.</summary>
    public ClusterShardingSettings WithPassivateIdleAfter(TimeSpan duration) => Copy(passivateIdleEntityAfter: duration);

    public ClusterShardingSettings WithRememberEntities(bool rememberEntities) => Copy(rememberEntities: rememberEntities);

    public ClusterShardingSettings WithStateStoreMode(StateStoreMode mode) => Copy(mode: mode);

    public ClusterShardingSettings WithTuningParameters(TuningParameters tuningParameters) => Copy(tuningParameters: tuningParameters);

    public ClusterShardingSettings WithCoordinatorSingletonSettings(ClusterSingletonManagerSettings coordinatorSingletonSettings) =>
        Copy(singleton: coordinatorSingletonSettings);

    /// <summary>Refuses what this runtime does not have, before anything is started.</summary>
    /// <exception cref="ConfigurationException">The settings ask for it.</exception>
    internal void Check(string typeName)
    {
        if (RememberEntities)
        {
            throw new ConfigurationException(
                $"The entity type [{typeName}] is set to remember its entities, which this runtime does not do. Nothing was started. "
                + "Set akka.cluster.sharding.remember-entities = off, and let messages make the entities.");
        }
        if (StateStoreMode != StateStoreMode.DData)
        {
            throw new ConfigurationException(
                $"The entity type [{typeName}] is set to keep the coordinator's state in [{StateStoreMode}], and this runtime has ddata alone. "
                + "Nothing was started. Set akka.cluster.sharding.state-store-mode = ddata.");
        }
    }

    private static StateStoreMode Mode(string? name) => Enum.TryParse<StateStoreMode>(name, ignoreCase: true, out var mode)
        ? mode
        : throw new ConfigurationException($"akka.cluster.sharding.state-store-mode is [{name}], but ddata is the only mode.");

    private ClusterShardingSettings Copy(string? role = null, bool? rememberEntities = null, TimeSpan? passivateIdleEntityAfter = null,
        StateStoreMode? mode = null, TuningParameters? tuningParameters = null, ClusterSingletonManagerSettings? singleton = null) =>
        new(role ?? Role, rememberEntities ?? RememberEntities, passivateIdleEntityAfter ?? PassivateIdleEntityAfter,
            mode ?? StateStoreMode, ShardRegionQueryTimeout, tuningParameters ?? TuningParameters,
            singleton ?? (role is null ? CoordinatorSingletonSettings : CoordinatorSingletonSettings.WithRole(role)));
}
