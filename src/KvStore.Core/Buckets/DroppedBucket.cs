using KvStore.Core.Identity;

namespace KvStore.Core.Buckets;

/// <summary>A bucket that is no more, or was emptied, for whoever still asks for it or holds something of it.</summary>
/// <param name="Name">Which.</param>
/// <param name="CreatedAt">The epoch it was created in: a later bucket of that name is another one.</param>
/// <param name="DroppedAt">The first epoch without it, or without what was in it.</param>
public readonly record struct DroppedBucket(BucketName Name, RingEpoch CreatedAt, RingEpoch DroppedAt);
