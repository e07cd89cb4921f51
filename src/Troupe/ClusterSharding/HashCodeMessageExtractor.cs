using System.Globalization;
using System.Text;

namespace Akka.Cluster.Sharding;

/// <summary>
/// An extractor that spreads entities over a fixed number of shards by a hash of their ids. The hash is this runtime's own
/// (FNV-1a with a
/// final mix): the same on every node and in every run.
/// </summary>
public abstract class HashCodeMessageExtractor : IMessageExtractor
{
#pragma warning disable CA1051 // Akka.NET's signature
    public readonly int MaxNumberOfShards;
#pragma warning restore CA1051

    protected HashCodeMessageExtractor(int maxNumberOfShards)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfShards);
        MaxNumberOfShards = maxNumberOfShards;
    }

    /// <summary>An extractor of two functions; without <paramref name="messageExtractor"/> the entity gets the message as it
    /// is.</summary>
    public static HashCodeMessageExtractor Create(int maxNumberOfShards, Func<object, string?> entityIdExtractor,
        Func<object, object>? messageExtractor = null)
    {
        ArgumentNullException.ThrowIfNull(entityIdExtractor);
        return new OfFunctions(maxNumberOfShards, entityIdExtractor, messageExtractor);
    }

    public abstract string? EntityId(object message);

    public virtual object? EntityMessage(object message) => message;

    [Obsolete("Use ShardId(string, object?) instead. Since v1.5.15")]
    public virtual string? ShardId(object message) => EntityId(message) is { } id ? ShardId(id, message) : null;

    public virtual string ShardId(string entityId, object? messageHint = null)
    {
        ArgumentNullException.ThrowIfNull(entityId);
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(entityId)) hash = (hash ^ b) * 16777619u;
        hash ^= hash >> 15;
        hash *= 0x85EBCA6Bu;
        hash ^= hash >> 13;
        return (hash % (uint)MaxNumberOfShards).ToString(CultureInfo.InvariantCulture);
    }

    private sealed class OfFunctions(int maxNumberOfShards, Func<object, string?> entityId, Func<object, object>? message)
        : HashCodeMessageExtractor(maxNumberOfShards)
    {
        public override string? EntityId(object of) => entityId(of);

        public override object? EntityMessage(object of) => message is null ? of : message(of);
    }
}
