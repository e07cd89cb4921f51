namespace Akka.Cluster.Sharding;

/// <summary>Marks the messages of sharding that travel between nodes: the binding of their serializer.</summary>
public interface IClusterShardingSerializable;
