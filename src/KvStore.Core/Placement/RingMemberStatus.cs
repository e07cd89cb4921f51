namespace KvStore.Core.Placement;

/// <summary>Where a node stands in the ring. It says nothing about whether the node is reachable.</summary>
public enum RingMemberStatus
{
    /// <summary>Admitted and voting; its first partitions are on their way to it.</summary>
    Joining = 1,

    /// <summary>Owns its share.</summary>
    Valid = 2,

    /// <summary>Alive, and giving its partitions away before it goes.</summary>
    Leaving = 3,

    /// <summary>Taken for lost by an operator; its partitions are filled from the other replicas.</summary>
    Removing = 4,
}
