namespace Akka.Cluster.Sharding;

/// <summary>
/// What an entity tells its parent when it wants to end. It gets <see cref="StopMessage"/> back after the messages that are
/// already in
/// its mailbox, and stops itself then; what is sent to it after that waits for its successor.
/// </summary>
public sealed class Passivate(object stopMessage) : IShardRegionCommand
{
    public object StopMessage { get; } = stopMessage;
}
