using KvStore.Core.Buckets;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Server.Keys;

/// <summary>Which kind of bucket a key lives in, by the ring of this moment. Any thread.</summary>
public sealed class KeySpaces(KeyValueGateway gateway, BucketChanges changes, Func<Ring> ring, DoorMetrics metrics)
{
    private readonly EventualKeys _siblings = new(gateway, ConflictPolicy.Siblings, metrics);
    private readonly EventualKeys _lastWriter = new(gateway, ConflictPolicy.LastWriterWins, metrics);
    private readonly StrongKeys _strong = new(gateway);

    public KeyValueGateway Gateway => gateway;

    public BucketChanges Changes => changes;

    public Ring Ring => ring();

    /// <summary>The bucket; a problem when there is none of that name.</summary>
    public Outcome<BucketDefinition> Bucket(BucketName name) =>
        ring().Buckets.Find(name) is { } bucket
            ? bucket
            : Problem.Wrong($"there is no bucket '{name}'. Nothing was done. Create it (kv bucket create {name}), or use another.");

    /// <summary>Where the keys of a bucket are.</summary>
    public Outcome<IKeySpace> Of(BucketName name)
    {
        if (!Bucket(name).TryGet(out var bucket, out var problem)) return problem;
        return new Outcome<IKeySpace>(bucket.Policy switch
        {
            BucketPolicy.Strong => _strong,
            BucketPolicy.LastWriterWins => _lastWriter,
            _ => _siblings,
        });
    }
}
