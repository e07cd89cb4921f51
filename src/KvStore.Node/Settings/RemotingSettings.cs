using System.Net;

namespace KvStore.Node.Settings;

/// <summary>
/// Where the actor system listens for other nodes (<c>akka.remote.dot-netty.tcp</c>). Whoever reaches that port is trusted as a node: it is on
/// loopback, or asks for certificates, or the owner has said that he knows.
/// </summary>
/// <param name="IsExposed">Whether anybody who reaches the port is let in, beyond this machine; by the owner's leave.</param>
public sealed record RemotingSettings(bool IsExposed)
{
    private const string Tcp = "akka.remote.dot-netty.tcp";
    private const string Escape = "kv-store.cluster.insecure";

    internal static RemotingSettings Read(SettingsReader reader)
    {
        var insecure = reader.Flag(Escape);
        var isOpen = Listens(reader) && !AsksForCertificates(reader);
        var host = reader.OfTheRuntime($"{Tcp}.hostname") ?? "";
        if (!isOpen || IsLoopback(host)) return new RemotingSettings(false);
        if (!insecure)
            reader.Mistake($"{Tcp}.hostname", $"'{host}' is not loopback, and whoever reaches this port is trusted as a node: use 127.0.0.1, or have both "
                + $"sides show certificates (kv-store.tls; inside another program {Tcp}.enable-ssl = on), "
                + $"or, where nobody but nodes and clients reaches it, say {Escape} = on");
        return new RemotingSettings(true);
    }

    private static bool Listens(SettingsReader reader) => reader.OfTheRuntime("akka.actor.provider") is { } provider
        && provider != "local" && !provider.Contains("LocalActorRefProvider", StringComparison.Ordinal);

    private static bool AsksForCertificates(SettingsReader reader) => IsOn(reader.OfTheRuntime($"{Tcp}.enable-ssl"))
        && IsOn(reader.OfTheRuntime($"{Tcp}.ssl.require-mutual-authentication") ?? "on")
        && !IsOn(reader.OfTheRuntime($"{Tcp}.ssl.suppress-validation"));

    /// <summary>The empty name is the machine's own.</summary>
    private static bool IsLoopback(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsOn(string? flag) => flag is "on" or "true" or "yes";
}
