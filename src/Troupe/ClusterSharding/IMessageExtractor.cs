namespace Akka.Cluster.Sharding;

/// <summary>
/// Says which entity, and which shard, a message is for. The answers must depend on nothing but the arguments: every node asks
/// its own.
/// </summary>
public interface IMessageExtractor
{
    /// <summary>The entity, or null when the message is for none: it is then unhandled.</summary>
    string? EntityId(object message);

    /// <summary>What the entity gets.</summary>
    object? EntityMessage(object message);

    [Obsolete("Use ShardId(EntityId, object) instead.")]
    string? ShardId(object message);

    /// <summary>The shard that the entity belongs to, for as long as the cluster lives.</summary>
    string ShardId(string entityId, object? messageHint = null);
}
