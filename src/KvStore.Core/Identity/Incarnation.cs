using System.Globalization;

namespace KvStore.Core.Identity;

/// <summary>
/// One tenure: a node's unbroken holding of one partition, as primary or fallback. A clock entry <c>(incarnation, n)</c> claims
/// every event of that tenure up to n on that key, so whatever breaks the holding (a start without the clean-stop marker,
/// anything dropped) begins a new one. The name goes into dots and clocks, never into placement.
/// </summary>
/// <param name="Node">Who holds.</param>
/// <param name="Tenure">
/// Unique for ever within the node, across all partitions and starts, and rising: the node's durable start number in the high
/// half, a count since that start in the low half.
/// </param>
public readonly record struct Incarnation(NodeId Node, ulong Tenure) : IComparable<Incarnation>
{
    /// <summary>The n-th tenure begun since the node's start number <paramref name="start"/> was made durable.</summary>
    public static Incarnation Of(NodeId node, uint start, uint serial) => new(node, ((ulong)start << 32) | serial);

    /// <summary>The start of the node that this tenure belongs to.</summary>
    public uint Start => (uint)(Tenure >> 32);

    public int CompareTo(Incarnation other) =>
        Node != other.Node ? Node.CompareTo(other.Node) : Tenure.CompareTo(other.Tenure);

    public static bool operator <(Incarnation a, Incarnation b) => a.CompareTo(b) < 0;

    public static bool operator >(Incarnation a, Incarnation b) => a.CompareTo(b) > 0;

    public static bool operator <=(Incarnation a, Incarnation b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Incarnation a, Incarnation b) => a.CompareTo(b) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Node.Short()}/{Start}.{(uint)Tenure}");
}
