using Akka.Actor;

namespace Akka.Cluster;

/// <summary>
/// Decides which unreachable members are given up. Named by `akka.cluster.downing-provider-class`; needs a constructor
/// (ActorSystem, Cluster).
/// </summary>
public interface IDowningProvider
{
    /// <summary>How long after a member's removal others wait before they take over what ran there.</summary>
    TimeSpan DownRemovalMargin { get; }

    /// <summary>The actor that calls Down; null when the provider downs nothing.</summary>
    Props? DowningActorProps { get; }
}
