using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>The settings under `akka.cluster`; cluster.conf has each with its default.</summary>
public sealed class ClusterSettings
{
    public ClusterSettings(Config config, string systemName)
    {
        ArgumentNullException.ThrowIfNull(config);
        var cluster = config.GetConfig("akka.cluster")
            ?? throw new ConfigurationException("The settings under akka.cluster are missing. The cluster was not started.");
        FailureDetectorConfig = cluster.GetConfig("failure-detector") ?? Config.Empty;
        FailureDetectorImplementationClass = FailureDetectorConfig.GetString("implementation-class", "")!;
        HeartbeatInterval = FailureDetectorConfig.GetTimeSpan("heartbeat-interval");
        HeartbeatExpectedResponseAfter = FailureDetectorConfig.GetTimeSpan("expected-response-after");
        MonitoredByNrOfMembers = FailureDetectorConfig.GetInt("monitored-by-nr-of-members");
        SeedNodes = [.. cluster.GetStringList("seed-nodes").Select(text => SeedNode(text, systemName))];
        SeedNodeTimeout = cluster.GetTimeSpan("seed-node-timeout");
        RetryUnsuccessfulJoinAfter = TimeOrOff(cluster, "retry-unsuccessful-join-after");
        ShutdownAfterUnsuccessfulJoinSeedNodes = TimeOrOff(cluster, "shutdown-after-unsuccessful-join-seed-nodes");
        PeriodicTasksInitialDelay = cluster.GetTimeSpan("periodic-tasks-initial-delay");
        GossipInterval = cluster.GetTimeSpan("gossip-interval");
        GossipTimeToLive = cluster.GetTimeSpan("gossip-time-to-live");
        GossipDifferentViewProbability = cluster.GetDouble("gossip-different-view-probability");
        ReduceGossipDifferentViewProbability = cluster.GetInt("reduce-gossip-different-view-probability");
        LeaderActionsInterval = cluster.GetTimeSpan("leader-actions-interval");
        UnreachableNodesReaperInterval = cluster.GetTimeSpan("unreachable-nodes-reaper-interval");
        WeaklyUpAfter = TimeOrOff(cluster, "allow-weakly-up-members") ?? TimeSpan.Zero;
        AllowWeaklyUpMembers = WeaklyUpAfter > TimeSpan.Zero;
        DowningProviderClass = cluster.GetString("downing-provider-class", "")!;
        RunCoordinatedShutdownWhenDown = cluster.GetBoolean("run-coordinated-shutdown-when-down");
        Roles = [.. cluster.GetStringList("roles")];
        AppVersion = AppVersion.Create(cluster.GetString("app-version", "")!);
        MinNrOfMembers = cluster.GetInt("min-nr-of-members");
        MinNrOfMembersOfRole = MinimaOfRoles(cluster.GetConfig("role") ?? Config.Empty);
        UseDispatcher = cluster.GetString("use-dispatcher", "") is { Length: > 0 } id ? id : Dispatch.Dispatchers.InternalDispatcherId;
        LogInfo = cluster.GetBoolean("log-info");
        LogInfoVerbose = cluster.GetBoolean("log-info-verbose");
        VerboseHeartbeatLogging = cluster.GetBoolean("debug.verbose-heartbeat-logging");
        VerboseGossipReceivedLogging = cluster.GetBoolean("debug.verbose-receive-gossip-logging");
        SchedulerTickDuration = cluster.GetTimeSpan("scheduler.tick-duration");
        SchedulerTicksPerWheel = cluster.GetInt("scheduler.ticks-per-wheel");
        Check();
    }

    public Config FailureDetectorConfig { get; }

    public string FailureDetectorImplementationClass { get; }

    public TimeSpan HeartbeatInterval { get; }

    public TimeSpan HeartbeatExpectedResponseAfter { get; }

    public int MonitoredByNrOfMembers { get; }

    public ImmutableList<Address> SeedNodes { get; }

    public TimeSpan SeedNodeTimeout { get; }

    /// <summary>Null: never.</summary>
    public TimeSpan? RetryUnsuccessfulJoinAfter { get; }

    /// <summary>Null: joining is tried for ever.</summary>
    public TimeSpan? ShutdownAfterUnsuccessfulJoinSeedNodes { get; }

    public TimeSpan PeriodicTasksInitialDelay { get; }

    public TimeSpan GossipInterval { get; }

    public TimeSpan GossipTimeToLive { get; }

    public double GossipDifferentViewProbability { get; }

    public int ReduceGossipDifferentViewProbability { get; }

    public TimeSpan LeaderActionsInterval { get; }

    public TimeSpan UnreachableNodesReaperInterval { get; }

    public bool AllowWeaklyUpMembers { get; }

    public TimeSpan WeaklyUpAfter { get; }

    /// <exception cref="ConfigurationException">No such class; the message says what to set.</exception>
    public Type DowningProviderType => DowningProviderClass.Length > 0
        ? TypeResolver.Resolve(DowningProviderClass, "akka.cluster.downing-provider-class")
        : throw new ConfigurationException(
            "akka.cluster.downing-provider-class is not set, and there is no default: name a class that implements "
            + "Akka.Cluster.IDowningProvider, or Akka.Cluster.NoDowning to give up nobody by itself.");

    public bool RunCoordinatedShutdownWhenDown { get; }

    public ImmutableHashSet<string> Roles { get; }

    public AppVersion AppVersion { get; }

    public int MinNrOfMembers { get; }

    public ImmutableDictionary<string, int> MinNrOfMembersOfRole { get; }

    public string UseDispatcher { get; }

    public bool LogInfo { get; }

    public bool LogInfoVerbose { get; }

    public bool VerboseHeartbeatLogging { get; }

    public bool VerboseGossipReceivedLogging { get; }

    public TimeSpan SchedulerTickDuration { get; }

    public int SchedulerTicksPerWheel { get; }

    internal string DowningProviderClass { get; }

    /// <summary>Null for off.</summary>
    internal static TimeSpan? TimeOrOff(Config config, string path) =>
        config.GetString(path, "off")!.ToUpperInvariant() is "OFF" or "FALSE" or "NO" or "" ? null : config.GetTimeSpan(path);

    private static Address SeedNode(string text, string systemName)
    {
        if (!Address.TryParse(text, out var address) || address!.HasLocalScope || address.System != systemName)
        {
            throw new ConfigurationException(
                $"akka.cluster.seed-nodes has [{text}], but an entry must have the form akka.tcp://{systemName}@host:port. "
                + "The cluster was not started.");
        }
        return address;
    }

    private static ImmutableDictionary<string, int> MinimaOfRoles(Config roles) => roles.AsEnumerable()
        .Select(role => (Role: role.Key, Least: roles.GetConfig('"' + role.Key + '"')?.GetInt("min-nr-of-members") ?? 0))
        .Where(entry => entry.Least > 0)
        .ToImmutableDictionary(entry => entry.Role, entry => entry.Least);

    private void Check()
    {
        Positive(HeartbeatInterval, "failure-detector.heartbeat-interval");
        Positive(GossipInterval, "gossip-interval");
        Positive(LeaderActionsInterval, "leader-actions-interval");
        Positive(UnreachableNodesReaperInterval, "unreachable-nodes-reaper-interval");
        Positive(SeedNodeTimeout, "seed-node-timeout");
        if (MonitoredByNrOfMembers < 1 || MinNrOfMembers < 1)
        {
            throw new ConfigurationException("akka.cluster.failure-detector.monitored-by-nr-of-members and "
                + "akka.cluster.min-nr-of-members must be at least 1. The cluster was not started.");
        }
    }

    private static void Positive(TimeSpan time, string setting)
    {
        if (time <= TimeSpan.Zero)
            throw new ConfigurationException($"akka.cluster.{setting} must be more than 0. The cluster was not started.");
    }
}
