using Akka.Actor;

namespace Akka.Routing;

/// <summary>A message that carries the key it is routed by.</summary>
public interface IConsistentHashable
{
    object ConsistentHashKey { get; }
}

/// <summary>Takes the key out of messages that do not carry one as such; null: this message has none.</summary>
public delegate object? ConsistentHashMapping(object msg);

/// <summary>Gives a key to a message that has none.</summary>
public sealed class ConsistentHashableEnvelope(object message, object hashKey) : RouterEnvelope(message), IConsistentHashable
{
    public object HashKey { get; } = hashKey;

    public object ConsistentHashKey => HashKey;
}
