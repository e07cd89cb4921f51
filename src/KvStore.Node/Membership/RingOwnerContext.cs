using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;

namespace KvStore.Node.Membership;

/// <summary>What a node's ring owner begins with.</summary>
/// <param name="Self">This node, as it is or will be in a ring.</param>
/// <param name="Start">Which start of the node this is.</param>
/// <param name="Routes">The way to the others.</param>
/// <param name="Ring">Where the ring in force is published.</param>
/// <param name="Reachability">Whom this node can reach.</param>
public sealed record RingOwnerContext(
    RingMember Self, uint Start, IRingRoutes Routes, CurrentRing Ring, CurrentReachability Reachability)
{
    /// <summary>The cluster that the node's data belongs to; none if it was never admitted to one.</summary>
    public ClusterId Cluster { get; init; }

    /// <summary>The ring to begin with where the disk has none; null for a node that joins.</summary>
    public Ring? First { get; init; }

    /// <summary>
    /// The cluster is new. A founder that finds no ring on its disk otherwise has lost its votes with it: it serves, and votes no more.
    /// </summary>
    public bool Founds { get; init; }

    /// <summary>Where a node that joins asks: HOST:PORT of some members.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>The journal and the snapshot store to use; empty for those that the actor system's other persistent actors use.</summary>
    public (string Journal, string Snapshots) Plugins { get; init; } = ("", "");

    /// <summary>How often a move is looked after, and a seed is asked.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>An operator's proposal without a majority is given up after this long; it may still be decided.</summary>
    public TimeSpan ProposalPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of all the lives of this start: answers to one life come to the next, which must not take them for answers to its own.</summary>
    public BallotSource Ballots { get; } = new(Self.Id, Start);

    public RegisterOptions Rounds { get; init; } = new();

    public MoveOptions Moves { get; init; } = new();
}
