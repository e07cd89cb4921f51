using System.Diagnostics.CodeAnalysis;
using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// The name of an actor: an address, the names from the root down, and the uid of one incarnation (0: any).
/// <para>Immutable and safe from any thread; texts are built when first asked for.</para>
/// Invariants: 1. equality is address and names, never the uid; 2. the depth of the root is 0.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>What a name may hold besides ASCII letters, digits and %xx; `$` not in front.</summary>
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    internal const long UndefinedUid = 0;

    private int _hash;
    private string? _withoutAddress;
    private string? _withAddress;

    protected ActorPath(Address address, string name)
    {
        Address = address;
        Name = name;
        ParentOrNull = null;
        Depth = 0;
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        Address = parentPath.Address;
        ParentOrNull = parentPath;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
    }

    public Address Address { get; }

    public string Name { get; }

    public long Uid { get; }

    public int Depth { get; }

    /// <summary>The parent's path; the root is its own parent.</summary>
    public ActorPath Parent => ParentOrNull ?? this;

    public ActorPath Root => ParentOf(0);

    /// <summary>The names from the root down, the root's empty name left out.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            if (Depth == 0) return [];
            var elements = new string[Depth];
            for (var p = this; p.Depth > 0; p = p.ParentOrNull!) elements[p.Depth - 1] = p.Name;
            return elements;
        }
    }

    private ActorPath? ParentOrNull { get; }

    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    [SuppressMessage("Usage", "CA2225:Operator overloads have named alternates",
        Justification = "Akka.NET's signature; Child is it")]
    public static ActorPath operator /(ActorPath path, string name)
    {
        var (plain, uid) = ActorPathParser.SplitUid(name);
        return new ChildActorPath(path, plain, uid);
    }

    [SuppressMessage("Usage", "CA2225:Operator overloads have named alternates",
        Justification = "Akka.NET's signature; Child is it")]
    public static ActorPath operator /(ActorPath path, IEnumerable<string> name)
    {
        foreach (var element in name)
        {
            if (!string.IsNullOrEmpty(element)) path /= element;
        }

        return path;
    }

    public static bool IsValidPathElement(string s) => ActorPathParser.IsValidElement(s);

    /// <summary>"/a/b" of the names.</summary>
    public static string FormatPathElements(IEnumerable<string> pathElements) => "/" + string.Join('/', pathElements);

    /// <summary>Reads "akka.tcp://system@host:port/user/name#uid". Throws <see cref="UriFormatException"/>.</summary>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed)
            ? parsed!
            : throw new UriFormatException($"[{path}] is no actor's path; wanted akka.tcp://system@host:port/user/name.");

    public static bool TryParse(string path, out ActorPath? actorPath)
    {
        actorPath = null;
        return Address.TryParse(path.AsSpan(), out var address, out var rest)
            && TryParse(new RootActorPath(address!), rest, out actorPath);
    }

    public static bool TryParse(ActorPath? basePath, string absoluteUri, out ActorPath? actorPath) =>
        TryParse(basePath, absoluteUri.AsSpan(), out actorPath);

    /// <summary>Reads "/user/name#uid" as a path below <paramref name="basePath"/>.</summary>
    public static bool TryParse(ActorPath? basePath, ReadOnlySpan<char> absoluteUri, out ActorPath? actorPath) =>
        ActorPathParser.TryParse(basePath, absoluteUri, out actorPath);

    public static bool TryParseAddress(string path, out Address? address) => Address.TryParse(path.AsSpan(), out address);

    public static bool TryParseAddress(string path, out Address? address, out ReadOnlySpan<char> absoluteUri) =>
        Address.TryParse(path.AsSpan(), out address, out absoluteUri);

    public ActorPath Child(string childName) => this / childName;

    public ActorPath ParentOf(int depth)
    {
        var path = this;
        while (path.Depth > depth && path.ParentOrNull is { } parent) path = parent;
        return path;
    }

    public ActorPath WithUid(long uid) =>
        uid == Uid || ParentOrNull is null ? this : new ChildActorPath(ParentOrNull, Name, uid);

    public string ToStringWithoutAddress() => _withoutAddress ??= BuildWithoutAddress();

    public string ToStringWithAddress() => _withAddress ??= Address + ToStringWithoutAddress();

    /// <summary>With <paramref name="address"/> in place of an address that has no host.</summary>
    public string ToStringWithAddress(Address? address) =>
        address is null || Address.HasGlobalScope || address == Address
            ? ToStringWithAddress()
            : address + ToStringWithoutAddress();

    public string ToStringWithUid() => AppendUid(ToStringWithAddress());

    /// <summary>The text that a reference is sent as: address, names and uid.</summary>
    public string ToSerializationFormat() => AppendUid(ToStringWithAddress());

    public string ToSerializationFormatWithAddress(Address? address) => AppendUid(ToStringWithAddress(address));

    public int CompareTo(ActorPath? other)
    {
        if (other is null) return 1;
        if (ReferenceEquals(this, other)) return 0;
        var order = Address.CompareTo(other.Address);
        if (order != 0) return order;
        var common = Math.Min(Depth, other.Depth);
        for (var depth = 0; depth <= common && order == 0; depth++)
            order = string.CompareOrdinal(ParentOf(depth).Name, other.ParentOf(depth).Name);
        return order != 0 ? order : Depth.CompareTo(other.Depth);
    }

    public bool Equals(ActorPath? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || Depth != other.Depth) return false;
        for (ActorPath a = this, b = other; ; a = a.ParentOrNull, b = b.ParentOrNull!)
        {
            if (ReferenceEquals(a, b)) return true;
            if (a.Name != b.Name) return false;
            if (a.ParentOrNull is null) return a.Address.Equals(b.Address);
        }
    }

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode()
    {
        if (_hash != 0) return _hash;
        var hash = StableHash.Of(Name, ParentOrNull?.GetHashCode() ?? Address.GetHashCode());
        return _hash = hash == 0 ? 1 : hash;
    }

    public override string ToString() => ToStringWithAddress();

    private string AppendUid(string text) =>
        Uid == UndefinedUid ? text : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{text}#{Uid}");

    private string BuildWithoutAddress()
    {
        if (Depth == 0) return "/" + Name;
        var length = 0;
        for (var p = this; p.Depth > 0; p = p.ParentOrNull!) length += p.Name.Length + 1;
        return string.Create(length, this, static (text, path) =>
        {
            var end = text.Length;
            for (var p = path; p.Depth > 0; p = p.ParentOrNull!)
            {
                end -= p.Name.Length;
                p.Name.CopyTo(text[end..]);
                text[--end] = '/';
            }
        });
    }
}
