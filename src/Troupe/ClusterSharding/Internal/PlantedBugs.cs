namespace Akka.Cluster.Sharding.Internal;

/// <summary>Defects that the simulation's checkers must find. Always None outside tests: nothing else can set it.</summary>
internal enum PlantedBugs
{
    None,

    /// <summary>A region says that its shard has stopped when it has only been told to.</summary>
    StoppedTooEarly,

    /// <summary>A region drops what waits for a shard that it has just stopped.</summary>
    WaitingForgotten,

    /// <summary>A coordinator takes shards away without a hand-off.</summary>
    MovedWithoutHandOff,

    /// <summary>A new coordinator knows nothing of its predecessor's decisions.</summary>
    InheritsNothing,
}
