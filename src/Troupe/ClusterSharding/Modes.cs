namespace Akka.Cluster.Sharding;

/// <summary>Where the coordinator keeps its state. This runtime has <see cref="DData"/> alone: copies in the memory of the
/// members.</summary>
public enum StateStoreMode
{
    Persistence,
    DData,
    Custom,
}

/// <summary>Where remembered entities would be kept; this runtime remembers none.</summary>
public enum RememberEntitiesStore
{
    DData,
    Eventsourced,
    Custom,
}
