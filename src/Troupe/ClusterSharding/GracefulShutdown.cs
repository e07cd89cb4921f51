namespace Akka.Cluster.Sharding;

/// <summary>Tells a region to hand all its shards off to others and then to stop. Nothing is told to the sender: watch the
/// region.</summary>
public sealed class GracefulShutdown : IShardRegionCommand
{
    public static readonly GracefulShutdown Instance = new();

    private GracefulShutdown()
    {
    }
}
