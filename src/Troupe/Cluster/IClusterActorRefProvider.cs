using Akka.Remote;

namespace Akka.Cluster;

/// <summary>A provider whose system can be a member of a cluster.</summary>
public interface IClusterActorRefProvider : IRemoteActorRefProvider;
