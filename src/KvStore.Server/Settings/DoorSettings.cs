using System.Net;
using Akka.Configuration;
using KvStore.Node.Settings;

namespace KvStore.Server.Settings;

/// <summary>
/// Section <c>kv-store.doors</c>: where clients come in.
/// <para>Invariant: a door beyond this machine has TLS and asks who comes, or the owner has said that he knows.</para>
/// </summary>
/// <param name="Resp">The Redis door.</param>
/// <param name="Http">The HTTP door.</param>
/// <param name="Console">Where operators come in; null when the console is shut.</param>
public sealed record DoorSettings(RespDoorSettings Resp, HttpDoorSettings Http, IPEndPoint? Console)
{
    private const string Section = "kv-store.doors", ConsoleHost = "petabridge.cmd", Escape = $"{Section}.insecure";

    /// <summary>What is open beyond this machine by the owner's leave, in words; empty when nothing is.</summary>
    public IReadOnlyList<string> Exposed { get; private init; } = [];

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
        const string respDoor = $"{Section}.resp", httpDoor = $"{Section}.http";
        var resp = new RespDoorSettings(
            Endpoint(reader, respDoor), reader.Int($"{respDoor}.max-connections", 1, 1_000_000), reader.Text($"{respDoor}.password"));
        var http = new HttpDoorSettings(Endpoint(reader, httpDoor), reader.Text($"{httpDoor}.password"));
        var isInsecure = reader.Flag(Escape);
        var exposed = new List<string>();
        foreach (var (section, endpoint, password) in ((string, IPEndPoint, string)[])
                 [(respDoor, resp.Endpoint, resp.Password), (httpDoor, http.Endpoint, http.Password)])
        {
            if (IPAddress.IsLoopback(endpoint.Address) || Missing(reader, section, password) is not { Length: > 0 } missing) continue;
            if (isInsecure) exposed.Add($"{section} ({endpoint}): {missing}");
            else reader.Mistake($"{section}.host", $"{endpoint.Address} is not loopback, and this door has {missing}. Set that, or use 127.0.0.1 or ::1, or, "
                + $"where a firewall or a private network keeps others out, say {Escape} = on");
        }
        // Where it listens stands in its host's own section, which every console host reads.
        var console = reader.Flag($"{Section}.console.enabled") ? Endpoint(reader, ConsoleHost) : null;
        if (console is not null && !IPAddress.IsLoopback(console.Address))
        {
            if (isInsecure) exposed.Add($"{ConsoleHost} ({console}): no TLS, which a console has not");
            else reader.Mistake($"{ConsoleHost}.host", $"{console.Address} is not loopback, and the console has no TLS. Use 127.0.0.1 or ::1, and come by "
                + $"ssh or from inside the container; or, where a firewall or a private network keeps others out, say {Escape} = on");
        }
        return new DoorSettings(resp, http, console) { Exposed = exposed };
    }

    /// <summary>What a door lacks to be open to others, and what would give it; empty when nothing.</summary>
    private static string Missing(SettingsReader reader, string section, string password)
    {
        var missing = new List<string>();
        if (!TlsSettings.IsWanted(reader)) missing.Add("no TLS (kv-store.tls.certificate, key and ca)");
        if (password.Length == 0 && !TlsSettings.AsksClientsIn(reader))
            missing.Add($"no authentication ({section}.password, or kv-store.tls.client-certificates = required)");
        return string.Join(" and ", missing);
    }

    private static IPEndPoint Endpoint(SettingsReader reader, string section)
    {
        var host = reader.Text($"{section}.host");
        var port = reader.Int($"{section}.port", 0, IPEndPoint.MaxPort);
        if (!IPAddress.TryParse(host, out var address)) reader.Mistake($"{section}.host", $"'{host}' is no IP address");
        return new IPEndPoint(address ?? IPAddress.Loopback, port);
    }
}

/// <summary>Section <c>kv-store.doors.resp</c>.</summary>
public sealed record RespDoorSettings(IPEndPoint Endpoint, int MaxConnections, string Password);

/// <summary>Section <c>kv-store.doors.http</c>.</summary>
public sealed record HttpDoorSettings(IPEndPoint Endpoint, string Password);
