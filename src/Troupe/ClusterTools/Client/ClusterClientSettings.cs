using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Client;

/// <summary>The settings of one <see cref="ClusterClient"/>. Immutable.</summary>
public sealed class ClusterClientSettings : INoSerializationVerificationNeeded
{
    private const int MaxBufferSize = 10_000;

    private ClusterClientSettings(Values values)
    {
        if (values.BufferSize is < 0 or > MaxBufferSize)
            throw new ArgumentException($"A client's buffer holds between 0 and {MaxBufferSize} messages, not {values.BufferSize}.");
        foreach (var (name, interval) in ((string, TimeSpan)[])
            [("establishing-get-contacts", values.Establishing), ("refresh-contacts", values.Refresh), ("heartbeat", values.Heartbeat)])
        {
            if (interval <= TimeSpan.Zero) throw new ArgumentException($"A client's {name} interval must be positive.");
        }
        All = values;
    }

    private Values All { get; }

    /// <summary>Receptionists to begin with.</summary>
    public IImmutableSet<ActorPath> InitialContacts => All.Contacts;

    public TimeSpan EstablishingGetContactsInterval => All.Establishing;

    public TimeSpan RefreshContactsInterval => All.Refresh;

    public TimeSpan HeartbeatInterval => All.Heartbeat;

    public TimeSpan AcceptableHeartbeatPause => All.Pause;

    /// <summary>Messages that are kept while there is no contact.</summary>
    public int BufferSize => All.BufferSize;

    /// <summary>A client without contact for this long ends; null: never.</summary>
    public TimeSpan? ReconnectTimeout => All.Reconnect;

    public static ClusterClientSettings Create(ActorSystem system) =>
        Create(system.Settings.Config.GetConfig("akka.cluster.client")
            ?? throw new ConfigurationException("There is no configuration akka.cluster.client."));

    public static ClusterClientSettings Create(Config config) => new(new Values(
        config.GetStringList("initial-contacts").Select(ActorPath.Parse).ToImmutableHashSet(),
        config.GetTimeSpan("establishing-get-contacts-interval"),
        config.GetTimeSpan("refresh-contacts-interval"),
        config.GetTimeSpan("heartbeat-interval"),
        config.GetTimeSpan("acceptable-heartbeat-pause"),
        config.GetInt("buffer-size"),
        config.GetString("reconnect-timeout") is "off" or "false" or "no" or null ? null : config.GetTimeSpan("reconnect-timeout")));

    /// <exception cref="ArgumentException">There are none.</exception>
    public ClusterClientSettings WithInitialContacts(IImmutableSet<ActorPath> initialContacts)
    {
        ArgumentNullException.ThrowIfNull(initialContacts);
        if (initialContacts.Count == 0) throw new ArgumentException("A client needs a contact.", nameof(initialContacts));
        return new(All with { Contacts = initialContacts });
    }

    public ClusterClientSettings WithEstablishingGetContactsInterval(TimeSpan value) => new(All with { Establishing = value });

    public ClusterClientSettings WithRefreshContactsInterval(TimeSpan value) => new(All with { Refresh = value });

    public ClusterClientSettings WithHeartbeatInterval(TimeSpan value) => new(All with { Heartbeat = value });

    public ClusterClientSettings WithBufferSize(int bufferSize) => new(All with { BufferSize = bufferSize });

    public ClusterClientSettings WithReconnectTimeout(TimeSpan? reconnectTimeout) => new(All with { Reconnect = reconnectTimeout });

    private sealed record Values(IImmutableSet<ActorPath> Contacts, TimeSpan Establishing, TimeSpan Refresh, TimeSpan Heartbeat,
        TimeSpan Pause, int BufferSize, TimeSpan? Reconnect);
}
