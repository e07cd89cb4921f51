using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Client;

/// <summary>The settings of a <see cref="ClusterReceptionist"/>. Immutable.</summary>
public sealed class ClusterReceptionistSettings : INoSerializationVerificationNeeded
{
    public ClusterReceptionistSettings(string? role, int numberOfContacts, TimeSpan responseTunnelReceiveTimeout,
        TimeSpan heartbeatInterval, TimeSpan acceptableHeartbeatPause, TimeSpan failureDetectionInterval)
    {
        Role = string.IsNullOrEmpty(role) ? null : role;
        NumberOfContacts = numberOfContacts;
        ResponseTunnelReceiveTimeout = responseTunnelReceiveTimeout;
        HeartbeatInterval = heartbeatInterval;
        AcceptableHeartbeatPause = acceptableHeartbeatPause;
        FailureDetectionInterval = failureDetectionInterval;
    }

    /// <summary>Members with a receptionist have it; null: all.</summary>
    public string? Role { get; }

    /// <summary>How many receptionists a client is told of.</summary>
    public int NumberOfContacts { get; }

    /// <summary>How long the way back of answers stays open without one.</summary>
    public TimeSpan ResponseTunnelReceiveTimeout { get; }

    public TimeSpan HeartbeatInterval { get; }

    public TimeSpan AcceptableHeartbeatPause { get; }

    public TimeSpan FailureDetectionInterval { get; }

    public static ClusterReceptionistSettings Create(ActorSystem system) => Create(Section(system.Settings.Config));

    public static ClusterReceptionistSettings Create(Config config) => new(
        config.GetString("role"), config.GetInt("number-of-contacts"), config.GetTimeSpan("response-tunnel-receive-timeout"),
        config.GetTimeSpan("heartbeat-interval"), config.GetTimeSpan("acceptable-heartbeat-pause"),
        config.GetTimeSpan("failure-detection-interval"));

    public ClusterReceptionistSettings WithRole(string role) => Copy(role: role);

    public ClusterReceptionistSettings WithoutRole() => Copy(role: "");

    public ClusterReceptionistSettings WithNumberOfContacts(int numberOfContacts) => Copy(contacts: numberOfContacts);

    public ClusterReceptionistSettings WithResponseTunnelReceiveTimeout(TimeSpan responseTunnelReceiveTimeout) =>
        Copy(tunnel: responseTunnelReceiveTimeout);

    public ClusterReceptionistSettings WithHeartbeat(
        TimeSpan heartbeatInterval, TimeSpan acceptableHeartbeatPause, TimeSpan failureDetectionInterval) =>
        new(Role, NumberOfContacts, ResponseTunnelReceiveTimeout, heartbeatInterval, acceptableHeartbeatPause,
            failureDetectionInterval);

    internal static Config Section(Config config) => config.GetConfig("akka.cluster.client.receptionist")
        ?? throw new ConfigurationException("There is no configuration akka.cluster.client.receptionist.");

    private ClusterReceptionistSettings Copy(string? role = null, int? contacts = null, TimeSpan? tunnel = null) =>
        new(role ?? Role, contacts ?? NumberOfContacts, tunnel ?? ResponseTunnelReceiveTimeout, HeartbeatInterval,
            AcceptableHeartbeatPause, FailureDetectionInterval);
}
