namespace Akka.Cluster.Sharding;

/// <summary>Something that a region is told to do.</summary>
public interface IShardRegionCommand;

/// <summary>Something that a region is asked.</summary>
public interface IShardRegionQuery;
