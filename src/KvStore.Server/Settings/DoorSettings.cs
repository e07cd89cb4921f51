using Akka.Configuration;
using System.Net;
using KvStore.Node.Settings;

namespace KvStore.Server.Settings;

/// <summary>Section <c>kv-store.doors</c>: where clients come in.</summary>
public sealed record DoorSettings(RespDoorSettings Resp, IPEndPoint Http)
{
    /// <exception cref="SettingsException">The settings do not make doors; the message lists every mistake.</exception>
    public static DoorSettings Read(Config config)
    {
        var reader = new SettingsReader(config);
        var settings = Read(reader);
        reader.ThrowIfAny();
        return settings;
    }

    /// <summary>The same, with the mistakes left in the reader: these settings are good only if there are none.</summary>
    public static DoorSettings Read(SettingsReader reader)
    {
        var resp = new RespDoorSettings(
            Endpoint(reader, "kv-store.doors.resp"),
            reader.Int("kv-store.doors.resp.max-connections", 1, 1_000_000),
            reader.Text("kv-store.doors.resp.password"));
        return new DoorSettings(resp, Endpoint(reader, "kv-store.doors.http"));
    }

    private static IPEndPoint Endpoint(SettingsReader reader, string section)
    {
        var host = reader.Text($"{section}.host");
        var port = reader.Int($"{section}.port", 0, IPEndPoint.MaxPort);
        if (!IPAddress.TryParse(host, out var address)) reader.Mistake($"{section}.host", $"'{host}' is no IP address");
        else if (!IPAddress.IsLoopback(address))
            reader.Mistake($"{section}.host", $"{host} is not loopback, and this door has neither TLS nor authentication yet; use 127.0.0.1 or ::1");
        return new IPEndPoint(address ?? IPAddress.Loopback, port);
    }
}

/// <summary>Section <c>kv-store.doors.resp</c>.</summary>
public sealed record RespDoorSettings(IPEndPoint Endpoint, int MaxConnections, string Password);
