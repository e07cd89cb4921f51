using Akka.Actor;

namespace Akka.Cluster;

/// <summary>The node did not become a member: the cluster ended first, or joining was given up.</summary>
public class ClusterJoinFailedException(string message) : AkkaException(message);
