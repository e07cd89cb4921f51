using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>How a <see cref="ClusterSingletonProxy"/> finds its singleton. Immutable.</summary>
public sealed class ClusterSingletonProxySettings : INoSerializationVerificationNeeded
{
    private const int MaxBufferSize = 10_000;

    public ClusterSingletonProxySettings(
        string singletonName, string? role, TimeSpan singletonIdentificationInterval, int bufferSize, bool considerAppVersion)
    {
        if (string.IsNullOrEmpty(singletonName))
            throw new ArgumentException("A proxy needs its singleton's name.", nameof(singletonName));
        if (singletonIdentificationInterval <= TimeSpan.Zero)
            throw new ArgumentException("The identification interval must be positive.", nameof(singletonIdentificationInterval));
        if (bufferSize is < 0 or > MaxBufferSize)
            throw new ArgumentException($"A buffer holds between 0 and {MaxBufferSize} messages.", nameof(bufferSize));
        SingletonName = singletonName;
        Role = string.IsNullOrEmpty(role) ? null : role;
        SingletonIdentificationInterval = singletonIdentificationInterval;
        BufferSize = bufferSize;
        ConsiderAppVersion = considerAppVersion;
    }

    public string SingletonName { get; }

    /// <summary>The role of the members that may run it; null: all.</summary>
    public string? Role { get; }

    public TimeSpan SingletonIdentificationInterval { get; }

    /// <summary>Messages that are kept while the singleton is not known.</summary>
    public int BufferSize { get; }

    /// <summary>Has no effect.</summary>
    public bool ConsiderAppVersion { get; }

    public static ClusterSingletonProxySettings Create(ActorSystem system) =>
        Create(
            system.Settings.Config.GetConfig("akka.cluster.singleton-proxy")
                ?? throw new ConfigurationException("There is no configuration akka.cluster.singleton-proxy."),
            considerAppVersion: false);

    public static ClusterSingletonProxySettings Create(Config config, bool considerAppVersion) => new(
        config.GetString("singleton-name")!, config.GetString("role"), config.GetTimeSpan("singleton-identification-interval"),
        config.GetInt("buffer-size"), considerAppVersion);

    public ClusterSingletonProxySettings WithSingletonName(string singletonName) => Copy(singletonName: singletonName);

    public ClusterSingletonProxySettings WithRole(string? role) => Copy(role: role ?? "");

    public ClusterSingletonProxySettings WithSingletonIdentificationInterval(TimeSpan singletonIdentificationInterval) =>
        Copy(interval: singletonIdentificationInterval);

    public ClusterSingletonProxySettings WithBufferSize(int bufferSize) => Copy(bufferSize: bufferSize);

    private ClusterSingletonProxySettings Copy(
        string? singletonName = null, string? role = null, TimeSpan? interval = null, int? bufferSize = null) =>
        new(singletonName ?? SingletonName, role ?? Role, interval ?? SingletonIdentificationInterval, bufferSize ?? BufferSize,
            ConsiderAppVersion);
}
