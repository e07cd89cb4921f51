namespace Akka.Cluster.Sharding.Internal;

/// <summary>An application's extractor, which need not know envelopes: these name their entity themselves.</summary>
internal sealed class EnvelopeExtractor(IMessageExtractor extractor)
{
    /// <summary>Null when the message is for no entity.</summary>
    public string? EntityId(object message)
    {
        var id = message is ShardingEnvelope envelope ? envelope.EntityId : extractor.EntityId(message);
        return string.IsNullOrEmpty(id) ? null : id;
    }

    public string? ShardId(string entityId, object message)
    {
        var id = extractor.ShardId(entityId, message);
        return string.IsNullOrEmpty(id) ? null : id;
    }

    public object? EntityMessage(object message) => message is ShardingEnvelope envelope ? envelope.Message : extractor.EntityMessage(message);
}
