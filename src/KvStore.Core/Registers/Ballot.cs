using System.Globalization;
using KvStore.Core.Identity;

namespace KvStore.Core.Registers;

/// <summary>
/// The number of one Paxos round. Ordered by epoch, then round, then node; no two rounds of any nodes, nor of two starts of one
/// node, ever share one.
/// </summary>
/// <param name="Epoch">The ring that its proposer counted majorities by.</param>
/// <param name="Round">Counts up; the next is one above the highest that its proposer has seen.</param>
/// <param name="Node">The proposer.</param>
/// <param name="Start">The proposer's start number: it may forget its rounds at a restart.</param>
public readonly record struct Ballot(RingEpoch Epoch, ulong Round, NodeId Node, uint Start) : IComparable<Ballot>
{
    /// <summary>Below every ballot: nothing promised, nothing accepted.</summary>
    public static readonly Ballot None;

    public bool IsNone => Round == 0;

    public int CompareTo(Ballot other)
    {
        var order = Epoch.CompareTo(other.Epoch);
        if (order == 0)
            order = Round.CompareTo(other.Round);
        if (order == 0)
            order = Node.CompareTo(other.Node);
        return order == 0 ? Start.CompareTo(other.Start) : order;
    }

    public static bool operator <(Ballot a, Ballot b) => a.CompareTo(b) < 0;

    public static bool operator >(Ballot a, Ballot b) => a.CompareTo(b) > 0;

    public static bool operator <=(Ballot a, Ballot b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Ballot a, Ballot b) => a.CompareTo(b) >= 0;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Epoch}:{Round}@{Node.Short()}/{Start}");
}
