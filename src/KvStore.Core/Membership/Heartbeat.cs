using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Membership;

/// <summary>
/// What one node says of itself, spread by gossip. A later start outranks an earlier one, and within a start the higher count does.
/// </summary>
/// <param name="Node">Who says it.</param>
/// <param name="Start">Its durable start number: raised by one at each start.</param>
/// <param name="Count">Raised by one at each round of its gossip.</param>
/// <param name="Address">Where it is reached now.</param>
/// <param name="Epoch">The ring it has.</param>
/// <param name="Load">How busy it is, 0 (idle) to 255 (refusing work).</param>
/// <param name="Suspects">Whom it cannot reach, in its own opinion; at most <see cref="MaxSuspects"/>.</param>
public sealed record Heartbeat(
    NodeId Node, uint Start, ulong Count, string Address, RingEpoch Epoch, byte Load, ImmutableArray<NodeId> Suspects)
{
    /// <summary>The most suspects that are named; the rest are still suspected, but not published.</summary>
    public const int MaxSuspects = 64;

    /// <summary>Where it stands in time.</summary>
    public HeartbeatDigest Digest => new(Node, Start, Count);
}

/// <summary>How new a heartbeat is, without what it says.</summary>
public readonly record struct HeartbeatDigest(NodeId Node, uint Start, ulong Count)
{
    /// <summary>Whether this is newer than the other, of the same node.</summary>
    public bool IsNewerThan(HeartbeatDigest other) =>
        Start != other.Start ? Start > other.Start : Count > other.Count;
}
