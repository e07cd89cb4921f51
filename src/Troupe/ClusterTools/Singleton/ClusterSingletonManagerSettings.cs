using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>How a <see cref="ClusterSingletonManager"/> goes about its work. Immutable.</summary>
public sealed class ClusterSingletonManagerSettings : INoSerializationVerificationNeeded
{
    public ClusterSingletonManagerSettings(
        string singletonName, string? role, TimeSpan removalMargin, TimeSpan handOverRetryInterval, bool considerAppVersion)
    {
        if (string.IsNullOrWhiteSpace(singletonName))
            throw new ArgumentException("A singleton needs a name.", nameof(singletonName));
        if (removalMargin < TimeSpan.Zero)
            throw new ArgumentException("The removal margin must not be negative.", nameof(removalMargin));
        if (handOverRetryInterval <= TimeSpan.Zero)
            throw new ArgumentException("The interval of hand-over retries must be positive.", nameof(handOverRetryInterval));
        SingletonName = singletonName;
        Role = string.IsNullOrEmpty(role) ? null : role;
        RemovalMargin = removalMargin;
        HandOverRetryInterval = handOverRetryInterval;
        ConsiderAppVersion = considerAppVersion;
    }

    /// <summary>The actor's name below its manager.</summary>
    public string SingletonName { get; }

    /// <summary>Members that may run it have this role; null: all may.</summary>
    public string? Role { get; }

    /// <summary>How long after the removal of the member that ran it another waits; at least that of the downing provider.</summary>
    public TimeSpan RemovalMargin { get; }

    public TimeSpan HandOverRetryInterval { get; }

    /// <summary>Has no effect.</summary>
    public bool ConsiderAppVersion { get; }

    /// <summary>Asks without an answer, between two warnings.</summary>
    internal int RetriesUntilWarning { get; init; } = 15;

    /// <summary>Defects that tests switch on.</summary>
    internal SingletonBugs Bugs { get; init; }

    public static ClusterSingletonManagerSettings Create(ActorSystem system) =>
        Create(system.Settings.Config.GetConfig("akka.cluster.singleton")
            ?? throw new ConfigurationException("There is no configuration akka.cluster.singleton."));

    public static ClusterSingletonManagerSettings Create(Config config) => new(
        config.GetString("singleton-name")!, config.GetString("role"), TimeSpan.Zero,
        config.GetTimeSpan("hand-over-retry-interval"), considerAppVersion: false)
    {
        RetriesUntilWarning = Math.Max(1, config.GetInt("min-number-of-hand-over-retries", 15)),
    };

    public ClusterSingletonManagerSettings WithSingletonName(string singletonName) => Copy(singletonName: singletonName);

    public ClusterSingletonManagerSettings WithRole(string? role) => Copy(role: role ?? "");

    public ClusterSingletonManagerSettings WithRemovalMargin(TimeSpan removalMargin) => Copy(removalMargin: removalMargin);

    public ClusterSingletonManagerSettings WithHandOverRetryInterval(TimeSpan handOverRetryInterval) =>
        Copy(handOverRetryInterval: handOverRetryInterval);

    internal ClusterSingletonManagerSettings With(SingletonBugs bugs) => Copy(bugs: bugs);

    private ClusterSingletonManagerSettings Copy(string? singletonName = null, string? role = null,
        TimeSpan? removalMargin = null, TimeSpan? handOverRetryInterval = null, SingletonBugs? bugs = null) =>
        new(singletonName ?? SingletonName, role ?? Role, removalMargin ?? RemovalMargin,
            handOverRetryInterval ?? HandOverRetryInterval, ConsiderAppVersion)
        {
            RetriesUntilWarning = RetriesUntilWarning,
            Bugs = bugs ?? Bugs,
        };
}
