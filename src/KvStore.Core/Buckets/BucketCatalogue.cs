using System.Collections.Immutable;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Core.Buckets;

/// <summary>
/// All buckets of a cluster, and the ones dropped most recently. A part of the ring and agreed with it: each change is one epoch, which moves
/// nothing and disturbs no move.
/// <para>Immutable; any thread.</para>
/// Invariants: (1) definitions are sorted by name, each once; the default bucket is always among them; (2) N and the policy of a bucket
/// never change; (3) a bucket created again has a later <see cref="BucketDefinition.CreatedAt"/> than the one that was dropped, so that what
/// was written for the old one is told from what is written for the new one by its epoch alone.
/// </summary>
public sealed class BucketCatalogue
{
    /// <summary>The most buckets, the default one among them.</summary>
    public const int MaxBuckets = 256;

    /// <summary>How many dropped ones are remembered by name. <see cref="Admits"/> does not need them; messages to people do.</summary>
    public const int MaxDropped = 256;

    private readonly Dictionary<BucketName, BucketDefinition> _byName;

    /// <exception cref="ArgumentException">The parts do not make a catalogue; the message says why.</exception>
    public BucketCatalogue(ImmutableArray<BucketDefinition> definitions, ImmutableArray<DroppedBucket> dropped)
    {
        Definitions = definitions;
        Dropped = dropped;
        Require(definitions.Length is >= 1 and <= MaxBuckets, $"There are 1 to {MaxBuckets} buckets.");
        Require(dropped.Length <= MaxDropped, $"At most {MaxDropped} dropped buckets are remembered.");
        for (var i = 1; i < definitions.Length; i++)
            Require(definitions[i - 1].Name < definitions[i].Name, "Buckets are sorted by name, each once.");
        Require(dropped.All(bucket => bucket.CreatedAt < bucket.DroppedAt), "A bucket is dropped after it was created.");
        _byName = definitions.ToDictionary(bucket => bucket.Name);
        Require(_byName.ContainsKey(BucketName.Default), "There is a default bucket.");
    }

    /// <summary>The catalogue of a new cluster: the default bucket.</summary>
    /// <param name="replicas">The most copies that a bucket of the cluster may ask for.</param>
    public static BucketCatalogue New(int replicas) => new([BucketDefinition.Default(replicas)], []);

    /// <summary>The catalogue of a new cluster whose default bucket has these numbers.</summary>
    public static BucketCatalogue New(Quorum quorum) => new([BucketDefinition.Default(quorum.N) with { Quorum = quorum }], []);

    /// <summary>All there are, by name.</summary>
    public ImmutableArray<BucketDefinition> Definitions { get; }

    /// <summary>The ones dropped or emptied most recently, the latest last.</summary>
    public ImmutableArray<DroppedBucket> Dropped { get; }

    /// <summary>The bucket of that name; null when there is none (now).</summary>
    public BucketDefinition? Find(BucketName name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// Whether something of this bucket that was written, hinted, sent or kept at an epoch belongs to a bucket there is now. If not it is
    /// dropped wherever it turns up: a request is refused, a hint is given up, a replica's keys are deleted before it serves again.
    /// </summary>
    /// <param name="name">The bucket.</param>
    /// <param name="writtenAt">The epoch in which it was accepted; for a replica's data the last one under which it was served.</param>
    public bool Admits(BucketName name, RingEpoch writtenAt) => Find(name) is { } bucket && writtenAt >= bucket.CreatedAt;

    /// <summary>
    /// What a replica that was last served under an epoch has to delete before it serves under this catalogue; null for nothing.
    /// </summary>
    public GoneBuckets? GoneSince(RingEpoch servedAt)
    {
        var gone = Dropped.Where(bucket => bucket.DroppedAt > servedAt).Select(bucket => bucket.Name).Distinct().Order().ToImmutableArray();
        if (gone.IsEmpty)
            return null;
        // Where the oldest one remembered has gone since, others may have gone since that nobody remembers.
        return Dropped.Length == MaxDropped && Dropped[0].DroppedAt > servedAt
            ? new GoneBuckets([.. Definitions.Where(bucket => Admits(bucket.Name, servedAt)).Select(bucket => bucket.Name)], AllButThese: true)
            : new GoneBuckets(gone, AllButThese: false);
    }

    /// <summary>The catalogue after a change, or why it is refused.</summary>
    /// <param name="change">What is wanted.</param>
    /// <param name="epoch">The epoch that the change will take effect in.</param>
    /// <param name="replicas">The most copies that a bucket of the cluster may ask for.</param>
    /// <param name="after">The catalogue to propose; null when refused.</param>
    public BucketRefusal? Apply(BucketChange change, RingEpoch epoch, int replicas, out BucketCatalogue? after)
    {
        after = null;
        if (Refuse(change) is { } refusal)
            return refusal;
        BucketDefinition? made = change switch
        {
            BucketChange.Create create => new(create.Name, epoch, create.Policy, create.Quorum, create.DefaultTtl),
            BucketChange.Alter alter => Find(alter.Name)! with { Quorum = alter.Quorum, DefaultTtl = alter.DefaultTtl },
            BucketChange.Empty => Find(change.Name)! with { CreatedAt = epoch },
            _ => null,
        };
        if (made?.Problem(replicas) is { } problem)
            return new BucketRefusal(BucketProblem.Invalid, $"{problem} Nothing was changed.");
        var others = Definitions.Where(bucket => bucket.Name != change.Name);
        ImmutableArray<BucketDefinition> definitions = made is null ? [.. others] : [.. others.Append(made).OrderBy(bucket => bucket.Name)];
        var goes = change is BucketChange.Drop or BucketChange.Empty;
        after = new BucketCatalogue(definitions, goes ? Remember(Find(change.Name)!, epoch) : Dropped);
        return null;
    }

    /// <summary>Whether both say the same.</summary>
    public bool IsSameAs(BucketCatalogue other) =>
        ReferenceEquals(this, other) || (Definitions.SequenceEqual(other.Definitions) && Dropped.SequenceEqual(other.Dropped));

    private BucketRefusal? Refuse(BucketChange change)
    {
        var name = change.Name;
        var known = Find(name);
        if (name.IsReserved)
            return Refusal(BucketProblem.Reserved, $"'{name}' begins with 'kv.': such buckets are the store's own.", "Choose another name.");
        if (change is BucketChange.Create && known is not null)
            return Refusal(BucketProblem.Exists, $"There is a bucket '{name}' already.", "Alter it, or choose another name.");
        if (change is BucketChange.Create && Definitions.Length == MaxBuckets)
            return Refusal(BucketProblem.TooMany, $"There are {MaxBuckets} buckets, as many as there may be.", "Drop one first.");
        if (change is not BucketChange.Create && known is null)
            return Refusal(BucketProblem.Unknown, Missing(name), "List the buckets to see the ones there are.");
        if (change is BucketChange.Drop && name == BucketName.Default)
            return Refusal(BucketProblem.Reserved, "The default bucket cannot be dropped.", "Delete its keys instead.");
        if (change is BucketChange.Alter alter && alter.Quorum.N != known!.Quorum.N)
        {
            return Refusal(
                BucketProblem.CopiesFixed, $"N of '{name}' is {known.Quorum.N} and cannot become {alter.Quorum.N}.",
                "Create another bucket with that N and copy the keys.");
        }

        return null;
    }

    private string Missing(BucketName name)
    {
        foreach (var bucket in Dropped.Reverse())
        {
            if (bucket.Name == name)
                return $"The bucket '{name}' was dropped in epoch {bucket.DroppedAt}.";
        }

        return $"There is no bucket '{name}'.";
    }

    private ImmutableArray<DroppedBucket> Remember(BucketDefinition gone, RingEpoch epoch) =>
        [.. Dropped.Append(new DroppedBucket(gone.Name, gone.CreatedAt, epoch)).TakeLast(MaxDropped)];

    private static BucketRefusal Refusal(BucketProblem problem, string what, string instead) =>
        new(problem, $"{what} Nothing was changed. {instead}");

    private static void Require(bool holds, string rule)
    {
        if (!holds)
            throw new ArgumentException(rule);
    }
}
