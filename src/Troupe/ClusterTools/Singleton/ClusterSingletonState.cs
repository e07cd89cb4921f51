namespace Akka.Cluster.Tools.Singleton;

/// <summary>Where a singleton's manager stands.</summary>
public enum ClusterSingletonState
{
    /// <summary>It does not know the members yet.</summary>
    Start = 0,

    AcquiringLease = 1,

    /// <summary>It runs the singleton.</summary>
    Oldest = 2,

    /// <summary>Another member is older.</summary>
    Younger = 3,

    /// <summary>It waits for those that may still run it.</summary>
    BecomingOldest = 4,

    /// <summary>It runs the singleton and is leaving: it waits for the next one to ask for it.</summary>
    WasOldest = 5,

    /// <summary>The singleton has been asked to end, for another member.</summary>
    HandingOver = 6,

    TakeOver = 7,

    /// <summary>The singleton has been asked to end, and nobody has asked for it.</summary>
    Stopping = 8,

    /// <summary>It runs nothing and never shall again.</summary>
    End = 9,
}
