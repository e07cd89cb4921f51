using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Downs nothing: an unreachable member stays until it comes back, a successor joins at its address, or somebody calls Down.</summary>
public sealed class NoDowning(ActorSystem system, Cluster cluster) : IDowningProvider
{
    public TimeSpan DownRemovalMargin { get; } =
        ClusterSettings.TimeOrOff(system.Settings.Config, "akka.cluster.down-removal-margin") ?? TimeSpan.Zero;

    public Props? DowningActorProps => null;

    public override string ToString() => $"{nameof(NoDowning)} of {cluster.SelfAddress}";
}
