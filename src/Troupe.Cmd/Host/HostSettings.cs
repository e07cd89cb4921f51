using System.Net;
using Akka.Configuration;

namespace Petabridge.Cmd.Host;

/// <summary>Section <c>petabridge.cmd</c>; console.conf says what each is for.</summary>
internal sealed record HostSettings(IPEndPoint Endpoint, bool LogsPalettes, string Password, HostLimits Limits)
{
    private const string Section = "petabridge.cmd";

    public static Config Defaults { get; } = ConfigurationFactory.FromResource("console.conf", typeof(HostSettings).Assembly);

    /// <exception cref="ConfigurationException">The host is no IP address.</exception>
    public static HostSettings Read(Config config)
    {
        var section = config.GetConfig(Section)!;
        var host = section.GetString("host");
        if (!IPAddress.TryParse(host, out var address))
            throw new ConfigurationException($"{Section}.host is '{host}', but it must be an IP address such as 127.0.0.1. The console was not started.");
        var limits = new HostLimits(
            section.GetInt("max-connections"), section.GetByteSize("max-pending-bytes") ?? 0, section.GetTimeSpan("handshake-timeout"),
            section.GetTimeSpan("write-timeout"), section.GetTimeSpan("idle-timeout"));
        return new HostSettings(
            new IPEndPoint(address, section.GetInt("port")), section.GetBoolean("log-palettes-on-startup"), section.GetString("password") ?? "", limits);
    }
}

/// <summary>What one client, and all of them, may take.</summary>
/// <param name="Connections">Clients at one time.</param>
/// <param name="PendingBytes">What one client may leave unread.</param>
/// <param name="Handshake">How long a client may take to say hello.</param>
/// <param name="Write">How long one write may take.</param>
/// <param name="Idle">How long a client may do nothing.</param>
internal sealed record HostLimits(int Connections, long PendingBytes, TimeSpan Handshake, TimeSpan Write, TimeSpan Idle);
