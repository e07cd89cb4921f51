using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace KvStore.Client.Connection;

/// <summary>
/// A node to begin with: "HOST:PORT", or in full "akka.tcp://NAME@HOST:PORT", which in TLS begins with akka.ssl.tcp. The port is that of remoting.
/// </summary>
internal static class ContactPoint
{
    public const string Plain = "akka.tcp", Tls = "akka.ssl.tcp";

    /// <param name="text">What was given.</param>
    /// <param name="clusterName">The name of the cluster's actor systems, where the text has none.</param>
    /// <param name="protocol">How this client's own address begins: it reaches no other.</param>
    /// <param name="address">The contact point.</param>
    /// <param name="error">Why it is none.</param>
    public static bool TryParse(
        string text, string clusterName, string protocol, [NotNullWhen(true)] out Address? address, [NotNullWhen(false)] out string? error)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"{protocol}://{clusterName}@{text}";
        if (!Address.TryParse(full, out address) || address is not { HasGlobalScope: true, Port: not null, Protocol: Plain or Tls })
            error = $"'{text}' is no contact point: it is HOST:PORT, with the port of a node's remoting, or akka.tcp://NAME@HOST:PORT.";
        else
            error = address.Protocol == protocol ? null : $"'{text}' is reached {(protocol == Plain ? "in TLS, and this client shows no certificate: it "
                + "needs a KvClientOptions.CertificateFile" : "in the clear, and this client speaks TLS")}.";
        if (error is not null) address = null;
        return error is null;
    }

    /// <summary>All of them; the exception lists every mistake.</summary>
    /// <exception cref="ArgumentException">There is none, or one is no contact point.</exception>
    public static List<Address> ParseAll(IEnumerable<string> texts, string clusterName, string protocol)
    {
        var (addresses, mistakes) = (new List<Address>(), new List<string>());
        foreach (var text in texts)
        {
            if (TryParse(text, clusterName, protocol, out var address, out var error)) addresses.Add(address);
            else mistakes.Add(error);
        }
        if (mistakes.Count == 0 && addresses.Count == 0) mistakes.Add("There is no contact point; one node's HOST:PORT is enough.");
        if (mistakes.Count > 0) throw new ArgumentException(string.Join(' ', mistakes), nameof(texts));
        if (addresses.Select(address => address.System).Distinct().Count() > 1)
            throw new ArgumentException("The contact points are of clusters with different names.", nameof(texts));
        return addresses;
    }
}
