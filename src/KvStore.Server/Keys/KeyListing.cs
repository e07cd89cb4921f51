using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Wire;

namespace KvStore.Server.Keys;

/// <summary>
/// A walk over the keys of a bucket, page by page, through all partitions. A key on which the replicas do not agree is read, so that each is
/// there or not as of its own moment, as a read would say. Any thread.
/// </summary>
public sealed class KeyListing(KeySpaces spaces)
{
    private const int MaxTries = 3;

    /// <summary>How many partitions are walked side by side by <see cref="Each"/>.</summary>
    private const int SideBySide = 8;

    /// <summary>Keys of one page, of which a walk through everything asks one after the other.</summary>
    private const int PageKeys = 1024;

    /// <summary>The keys from here on, some <paramref name="max"/> of them or somewhat more, and where the walk goes on; null at its end.</summary>
    public async Task<Outcome<(IReadOnlyList<Key> Keys, ScanPosition? Next)>> Page(
        BucketName bucket, ScanPosition from, int max, CancellationToken cancelled)
    {
        if (!spaces.Of(bucket).TryGet(out var space, out var problem)) return problem;
        if (!(await Ask(bucket, from, max, cancelled)).TryGet(out var listed, out problem)) return problem;
        var keys = new List<Key>(listed.Keys.Length);
        foreach (var entry in listed.Keys)
        {
            if (!entry.IsAgreed)
            {
                if (!(await space.Read(new BucketKey(bucket, entry.Key), cancelled)).TryGet(out var held, out problem)) return problem;
                if (!held.Exists) continue;
            }
            keys.Add(entry.Key);
        }
        return (keys, listed.Next);
    }

    /// <summary>Shows every page of the bucket, in no order. The problem that ended the walk, or null: also when it was told to stop.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="show">Takes a page, one at a time; false stops the walk.</param>
    /// <param name="cancelled">The client has gone.</param>
    public async Task<Problem?> Each(BucketName bucket, Func<IReadOnlyList<Key>, bool> show, CancellationToken cancelled)
    {
        var count = spaces.Ring.PartitionCount;
        for (var first = 0; first < count; first += SideBySide)
        {
            var walks = await Task.WhenAll(Enumerable.Range(first, Math.Min(SideBySide, count - first))
                .Select(partition => Page(bucket, ScanPosition.Of(new PartitionId(partition), count), PageKeys, cancelled)));
            for (var i = 0; i < walks.Length; i++)
            {
                if (!walks[i].TryGet(out var page, out var problem)) return problem;
                if (!show(page.Keys)) return null;
                // The rest of a large partition, up to where the next one begins.
                while (page.Next is { } next && spaces.Ring.PartitionOf(next.First).Value == first + i)
                {
                    if (!(await Page(bucket, next, PageKeys, cancelled)).TryGet(out page, out problem)) return problem;
                    if (!show(page.Keys)) return null;
                }
            }
        }
        return null;
    }

    /// <summary>Asked again where the ring may just have changed.</summary>
    private async Task<Outcome<ListOutcome>> Ask(BucketName bucket, ScanPosition from, int max, CancellationToken cancelled)
    {
        for (var i = 1; ; i++)
        {
            var answer = await spaces.Gateway.Ask(spaces.Gateway.List(bucket, from, max), cancelled);
            if (answer is ClientProtocol.KeysListed { Outcome: { Result: GetResult.Done } done }) return done;
            if (i == MaxTries || answer is null) return Problems.OfListing(answer);
        }
    }
}
