using System.Buffers.Binary;
using System.Globalization;

namespace KvStore.Core.Identity;

/// <summary>
/// A node's identity: 128 random bits drawn at its first start and kept inside its data set, never an address. A lost or
/// restored data set means a new id. The order has no meaning beyond being total and the same on every node.
/// </summary>
public readonly record struct NodeId(ulong High, ulong Low) : IComparable<NodeId>
{
    /// <summary>The size of an id in bytes.</summary>
    public const int Size = 16;

    /// <summary>No node; never the id of one.</summary>
    public static readonly NodeId None;

    /// <summary>Whether this is the absent id.</summary>
    public bool IsNone => High == 0 && Low == 0;

    /// <summary>Reads an id from <see cref="Size"/> bytes, big-endian.</summary>
    public static NodeId Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    /// <summary>Parses the 32 hexadecimal digits that <see cref="ToString"/> writes; the absent id is refused.</summary>
    public static bool TryParse(string? text, out NodeId id)
    {
        id = None;
        if (text is not { Length: 2 * Size })
            return false;
        if (!TryHex(text.AsSpan(0, 16), out var high) || !TryHex(text.AsSpan(16), out var low))
            return false;
        id = new NodeId(high, low);
        return !id.IsNone;
    }

    /// <summary>Writes the id as <see cref="Size"/> bytes, big-endian.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Low);
    }

    public int CompareTo(NodeId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public static bool operator <(NodeId a, NodeId b) => a.CompareTo(b) < 0;

    public static bool operator >(NodeId a, NodeId b) => a.CompareTo(b) > 0;

    public static bool operator <=(NodeId a, NodeId b) => a.CompareTo(b) <= 0;

    public static bool operator >=(NodeId a, NodeId b) => a.CompareTo(b) >= 0;

    /// <summary>All 32 digits; <see cref="Short"/> is for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");

    /// <summary>The first eight digits, for logs and consoles.</summary>
    public string Short() => ToString()[..8];

    private static bool TryHex(ReadOnlySpan<char> digits, out ulong value) =>
        ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
