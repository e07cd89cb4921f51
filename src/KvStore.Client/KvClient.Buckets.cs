using Akka.Actor;
using KvStore.Client.Connection;
using KvStore.Client.Requests;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Registers;

namespace KvStore.Client;

/// <summary>Buckets: which there are, changes of them, and the keys of strong ones.</summary>
public sealed partial class KvClient
{
    /// <summary>A change of a bucket needs a majority of all nodes, which is waited for longer than the owners of one key.</summary>
    private static readonly TimeSpan ChangePatience = TimeSpan.FromSeconds(15);

    /// <summary>The buckets there are, as a node knows them now.</summary>
    /// <exception cref="AskTimeoutException">No node answered within <see cref="KvClientOptions.RequestTimeout"/>.</exception>
    public async Task<IReadOnlyList<BucketDefinition>> GetBucketsAsync() =>
        (await _actor.Ask<ClientActor.RingKnown>(ClientActor.AskRing.Instance, _options.RequestTimeout)).Ring.Buckets.Definitions;

    /// <summary>Creates a bucket. N and the policy are fixed from then on.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="policy">What it does with concurrent writes.</param>
    /// <param name="quorum">Copies, and what a request needs; null for majorities of as many copies as the default bucket keeps.</param>
    /// <param name="defaultTtl">How long a value lives that is written without an expiry; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait; the change may be decided all the same.</param>
    public async Task<BucketResult> CreateBucketAsync(BucketName name, BucketPolicy policy = BucketPolicy.Siblings, Quorum? quorum = null,
        TimeSpan? defaultTtl = null, CancellationToken cancellationToken = default)
    {
        var numbers = quorum ?? Quorum.OfMajorities(
            (await GetRingAsync()).Buckets.Find(BucketName.Default)!.Quorum.N, sloppy: policy != BucketPolicy.Strong);
        return await ChangeBucketAsync(new BucketChange.Create(name, policy, numbers, defaultTtl), cancellationToken);
    }

    /// <summary>Gives a bucket other numbers and another time to live. Its N stays; values written before keep their expiry.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="quorum">What a request needs from now on; N as it is.</param>
    /// <param name="defaultTtl">How long a value lives that is written without an expiry; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait; the change may be decided all the same.</param>
    public Task<BucketResult> AlterBucketAsync(
        BucketName name, Quorum quorum, TimeSpan? defaultTtl, CancellationToken cancellationToken = default) =>
        ChangeBucketAsync(new BucketChange.Alter(name, quorum, defaultTtl), cancellationToken);

    /// <summary>Deletes all keys of a bucket at one epoch of the ring; what is written after that stays.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the wait; the change may be decided all the same.</param>
    public Task<BucketResult> EmptyBucketAsync(BucketName name, CancellationToken cancellationToken = default) =>
        ChangeBucketAsync(new BucketChange.Empty(name), cancellationToken);

    /// <summary>Drops a bucket with everything in it. One that is created under the same name later begins with nothing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the wait; the change may be decided all the same.</param>
    public Task<BucketResult> DropBucketAsync(BucketName name, CancellationToken cancellationToken = default) =>
        ChangeBucketAsync(new BucketChange.Drop(name), cancellationToken);

    /// <summary>The keys of a strong bucket. Nothing is asked of the cluster: whether there is one shows when it is used.</summary>
    /// <param name="name">Its name.</param>
    public StrongBucket Strong(BucketName name) => new(this, name);

    internal Task<StrongResult> Do(BucketName bucket, Key key, RegisterCommand command, CancellationToken cancelled) =>
        Ask<StrongResult>(new StrongCall(NameOf(key, bucket), command, TimeoutOf(null)), cancelled);

    private Task<BucketResult> ChangeBucketAsync(BucketChange change, CancellationToken cancelled) =>
        Ask<BucketResult>(new BucketCall(change, ChangePatience), cancelled);
}
