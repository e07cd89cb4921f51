namespace Akka.Cluster;

/// <summary>What the cluster's own actors tell each other between nodes.</summary>
public interface IClusterMessage;
