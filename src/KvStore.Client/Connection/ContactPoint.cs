using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace KvStore.Client.Connection;

/// <summary>A node to begin with: "HOST:PORT", or in full "akka.tcp://NAME@HOST:PORT". The port is that of remoting.</summary>
internal static class ContactPoint
{
    private const string Protocol = "akka.tcp";

    public static bool TryParse(
        string text, string clusterName, [NotNullWhen(true)] out Address? address, [NotNullWhen(false)] out string? error)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"{Protocol}://{clusterName}@{text}";
        error = Address.TryParse(full, out address) && address is { HasGlobalScope: true, Port: not null, Protocol: Protocol }
            ? null
            : $"'{text}' is no contact point: it is HOST:PORT, with the port of a node's remoting, or akka.tcp://NAME@HOST:PORT.";
        if (error is not null) address = null;
        return error is null;
    }

    /// <summary>All of them; the exception lists every mistake.</summary>
    /// <exception cref="ArgumentException">There is none, or one is no contact point.</exception>
    public static List<Address> ParseAll(IEnumerable<string> texts, string clusterName)
    {
        var (addresses, mistakes) = (new List<Address>(), new List<string>());
        foreach (var text in texts)
        {
            if (TryParse(text, clusterName, out var address, out var error)) addresses.Add(address);
            else mistakes.Add(error);
        }
        if (mistakes.Count == 0 && addresses.Count == 0) mistakes.Add("There is no contact point; one node's HOST:PORT is enough.");
        if (mistakes.Count > 0) throw new ArgumentException(string.Join(' ', mistakes), nameof(texts));
        if (addresses.Select(address => address.System).Distinct().Count() > 1)
            throw new ArgumentException("The contact points are of clusters with different names.", nameof(texts));
        return addresses;
    }
}
