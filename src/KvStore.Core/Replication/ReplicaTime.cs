namespace KvStore.Core.Replication;

/// <summary>The time of an event, as the driver read it.</summary>
/// <param name="Now">The node's monotonic clock.</param>
/// <param name="WallMilliseconds">Milliseconds since 1970 (UTC), for expiry and timestamps only.</param>
public readonly record struct ReplicaTime(TimeSpan Now, long WallMilliseconds);
