using System.Buffers;
using System.Globalization;
using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// Where an actor system is: protocol, system name and, when it can be reached from outside, host and port. Immutable.
/// </summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, IComparable, ICloneable
{
    /// <summary>The address of references that belong to no system.</summary>
    public static readonly Address AllSystems = new("akka", "all-systems");

    /// <summary>By protocol, system, host, port; ordinal.</summary>
    public static readonly IComparer<Address> Comparer = Comparer<Address>.Create(
        static (x, y) => x is null ? (y is null ? 0 : -1) : x.CompareTo(y));

    private static readonly SearchValues<char> NotInSystem = SearchValues.Create(":#?[] ");
    private static readonly SearchValues<char> NotInHost = SearchValues.Create(" /#?@");

    private string? _text;

    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host?.ToLowerInvariant();
        Port = port;
    }

    public string Protocol { get; }

    public string System { get; }

    public string? Host { get; }

    public int? Port { get; }

    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    public bool HasGlobalScope => !HasLocalScope;

    public static bool operator ==(Address? left, Address? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Address? left, Address? right) => !(left == right);

    /// <summary>Reads "protocol://system" or "protocol://system@host:port". Throws <see cref="UriFormatException"/>.</summary>
    public static Address Parse(string address) =>
        TryParse(address, out var parsed)
            ? parsed!
            : throw new UriFormatException($"[{address}] is no actor system's address; wanted akka.tcp://system@host:port.");

    public static bool TryParse(string path, out Address? address) => TryParse(path.AsSpan(), out address);

    public static bool TryParse(string path, out Address? address, out string? absolutUri)
    {
        var parsed = TryParse(path.AsSpan(), out address, out var rest);
        absolutUri = parsed ? rest.ToString() : null;
        return parsed;
    }

    public static bool TryParse(ReadOnlySpan<char> span, out Address? address) => TryParse(span, out address, out _);

    /// <param name="span">The address, maybe followed by a path.</param>
    /// <param name="address">The address, or null.</param>
    /// <param name="absolutUri">What follows the address: "/" when nothing does.</param>
    public static bool TryParse(ReadOnlySpan<char> span, out Address? address, out ReadOnlySpan<char> absolutUri)
    {
        address = null;
        absolutUri = default;
        var scheme = span.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 4 || !span.StartsWith("akka", StringComparison.OrdinalIgnoreCase)) return false;
        foreach (var c in span[..scheme])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '+' or '-')) return false;
        }

        var rest = span[(scheme + 3)..];
        var slash = rest.IndexOf('/');
        var authority = slash < 0 ? rest : rest[..slash];
        absolutUri = slash < 0 ? "/" : rest[slash..];
        var protocol = span[..scheme].ToString().ToLowerInvariant();
        var at = authority.IndexOf('@');
        var system = at < 0 ? authority : authority[..at];
        if (system.IsEmpty || system.ContainsAny(NotInSystem)) return false;
        if (at < 0)
        {
            address = new Address(protocol, system.ToString());
            return true;
        }

        if (!TryParseHostPort(authority[(at + 1)..], out var host, out var port)) return false;
        address = new Address(protocol, system.ToString(), host, port);
        return true;
    }

    public Address WithHost(string? host = null) => new(Protocol, System, host, Port);

    public Address WithPort(int? port = null) => new(Protocol, System, Host, port);

    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);

    public Address WithSystem(string system) => new(Protocol, system, Host, Port);

    /// <summary>"system@host:port"</summary>
    public string HostPort() => ToString()[(Protocol.Length + 3)..];

    public object Clone() => new Address(Protocol, System, Host, Port);

    public int CompareTo(Address? other)
    {
        if (other is null) return 1;
        if (ReferenceEquals(this, other)) return 0;
        var order = string.CompareOrdinal(Protocol, other.Protocol);
        if (order == 0) order = string.CompareOrdinal(System, other.System);
        if (order == 0) order = string.CompareOrdinal(Host, other.Host);
        return order != 0 ? order : (Port ?? 0).CompareTo(other.Port ?? 0);
    }

    int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        Address other => CompareTo(other),
        _ => throw new ArgumentException($"An address cannot be compared with a {obj.GetType().Name}.", nameof(obj)),
    };

    public bool Equals(Address? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Port == other.Port && Host == other.Host && System == other.System
            && Protocol == other.Protocol);

    public override bool Equals(object? obj) => Equals(obj as Address);

    public override int GetHashCode() =>
        StableHash.Of(Host ?? "", StableHash.Of(System, StableHash.Of(Protocol, Port ?? 0)));

    public override string ToString() => _text ??= Host is null
        ? $"{Protocol}://{System}"
        : Port is { } port
            ? string.Create(CultureInfo.InvariantCulture, $"{Protocol}://{System}@{Host}:{port}")
            : $"{Protocol}://{System}@{Host}";

    private static bool TryParseHostPort(ReadOnlySpan<char> text, out string host, out int port)
    {
        host = "";
        port = 0;
        var colon = text.LastIndexOf(':');
        if (colon <= 0) return false;
        if (!int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)) return false;
        var name = text[..colon];
        var bracketed = name[0] == '[' && name[^1] == ']';
        if (port > 65535 || name.ContainsAny(NotInHost) || (!bracketed && name.ContainsAny(":[]"))) return false;
        host = name.ToString();
        return true;
    }
}
