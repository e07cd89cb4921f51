using Akka.Actor.Setup;

namespace Akka.Cluster.Membership;

/// <summary>
/// Defects in the production path that tests switch on, one at a time, to show that the simulation's checker would find them. Always
/// None outside tests: nothing public sets them.
/// </summary>
[Flags]
internal enum ClusterBugs
{
    None = 0,

    /// <summary>A removed member is not remembered, and comes back with whoever has not heard of it yet.</summary>
    RemovalForgotten = 1 << 0,

    /// <summary>The leader goes on although members are unreachable.</summary>
    UnreachableNotWaitedFor = 1 << 1,

    /// <summary>A changed state counts as seen by all that had seen the one before.</summary>
    SeenSurvivesChange = 1 << 2,

    /// <summary>An answer to a heartbeat counts for whoever has that address, dead incarnations too.</summary>
    SuccessorAnswersForTheDead = 1 << 3,

    /// <summary>A new incarnation is let in while the old one is a member still.</summary>
    TwoOfOneAddress = 1 << 4,

    /// <summary>Of two observations the one that is here already is kept, whichever is newer.</summary>
    OldObservationWins = 1 << 5,

    /// <summary>Of two statuses the one that comes in is taken, whichever is further on.</summary>
    StatusGoesBack = 1 << 6,
}

/// <summary>Hands them to a system's cluster.</summary>
internal sealed class ClusterBugsSetup(ClusterBugs bugs) : Setup
{
    public ClusterBugs Bugs { get; } = bugs;
}
