using KvStore.Core.Identity;

namespace KvStore.Server.Keys;

/// <summary>
/// Keys of one kind of bucket, as a door without contexts sees them: one value a key. What a command means is written once over this; what it
/// is worth depends on the bucket. Any thread.
/// </summary>
public interface IKeySpace
{
    Task<Outcome<Held>> Read(BucketKey key, CancellationToken cancelled);

    /// <summary>Puts a value there, whatever there is.</summary>
    Task<Problem?> Put(BucketKey key, Held value, CancellationToken cancelled);

    /// <summary>
    /// Reads, asks <paramref name="step"/> what to make of it, and does that. In a strong bucket nothing comes between, and the step may be
    /// asked more than once; elsewhere a write in between is not overwritten: it stays, as a sibling.
    /// </summary>
    Task<Outcome<T>> Update<T>(BucketKey key, Func<Held, Change<T>> step, CancellationToken cancelled);
}
