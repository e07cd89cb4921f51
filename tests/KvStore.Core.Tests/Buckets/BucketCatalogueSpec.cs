using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Tests.Placement;

namespace KvStore.Core.Tests.Buckets;

public sealed class BucketCatalogueSpec
{
    private static readonly BucketName Users = BucketName.Create("users");
    private static readonly Quorum Majorities = Quorum.OfMajorities(3);

    private Ring _ring = Rings.Of(4, 64);

    [Fact]
    public void A_new_cluster_has_the_default_bucket_with_majorities_of_three()
    {
        var bucket = Assert.Single(_ring.Buckets.Definitions);
        Assert.Equal(new BucketDefinition(BucketName.Default, RingEpoch.None, BucketPolicy.Siblings, Majorities, null), bucket);
        Assert.Equal(2, Rings.Of(2, 64, replicas: 2).Buckets.Find(BucketName.Default)!.Quorum.N);
    }

    [Fact]
    public void A_change_to_a_bucket_is_the_next_epoch_and_moves_nothing()
    {
        var before = _ring;
        Change(new BucketChange.Create(Users, BucketPolicy.LastWriterWins, Majorities, TimeSpan.FromHours(1)));
        Assert.Equal(before.Epoch.Next(), _ring.Epoch);
        Assert.Equal(before.Owners, _ring.Owners);
        Assert.False(_ring.IsChanging);
        Assert.False(_ring.IsSameAs(before));
        Assert.Equal(_ring.Epoch, _ring.Buckets.Find(Users)!.CreatedAt);
    }

    [Fact]
    public void Numbers_and_time_to_live_can_be_altered_and_the_rest_stays()
    {
        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
        var created = _ring.Buckets.Find(Users)!;
        Change(new BucketChange.Alter(Users, Quorum.Create(3, 1, 3, pw: 2), TimeSpan.FromDays(1)));
        var expected = created with { Quorum = Quorum.Create(3, 1, 3, pw: 2), DefaultTtl = TimeSpan.FromDays(1) };
        Assert.Equal(expected, _ring.Buckets.Find(Users));
    }

    [Fact]
    public void The_default_time_to_live_holds_for_writes_without_an_expiry_of_their_own()
    {
        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities, TimeSpan.FromSeconds(2)));
        var users = _ring.Buckets.Find(Users)!;
        Assert.Equal(12_000, users.ExpiryOf(0, 10_000));
        Assert.Equal(99_000, users.ExpiryOf(99_000, 10_000));
        Assert.Equal(0, _ring.Buckets.Find(BucketName.Default)!.ExpiryOf(0, 10_000));
    }

    [Fact]
    public void What_was_written_for_a_dropped_bucket_never_gets_into_one_of_the_same_name()
    {
        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
        var written = _ring.Epoch;
        Assert.True(_ring.Buckets.Admits(Users, written));
        Change(new BucketChange.Drop(Users));
        Assert.Null(_ring.Buckets.Find(Users));
        Assert.Equal(new DroppedBucket(Users, written, _ring.Epoch), Assert.Single(_ring.Buckets.Dropped));
        Assert.False(_ring.Buckets.Admits(Users, written));
        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
        Assert.False(_ring.Buckets.Admits(Users, written));
        Assert.True(_ring.Buckets.Admits(Users, _ring.Epoch));
        Assert.True(_ring.Buckets.Admits(BucketName.Default, RingEpoch.None));
    }

    [Fact]
    public void Only_so_many_dropped_buckets_are_remembered_and_none_the_less_kept_out()
    {
        var first = _ring.Epoch.Next();
        for (var i = 0; i < BucketCatalogue.MaxDropped + 3; i++)
        {
            Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
            Change(new BucketChange.Drop(Users));
        }

        Assert.Equal(BucketCatalogue.MaxDropped, _ring.Buckets.Dropped.Length);
        Assert.Equal(_ring.Epoch, _ring.Buckets.Dropped[^1].DroppedAt);
        Assert.False(_ring.Buckets.Admits(Users, first));
    }

    [Fact]
    public void An_emptied_bucket_stays_and_what_was_in_it_is_none_of_its_own()
    {
        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
        var written = _ring.Epoch;
        Change(new BucketChange.Empty(Users));
        Change(new BucketChange.Empty(BucketName.Default));
        Assert.Equal(written.Next(), _ring.Buckets.Find(Users)!.CreatedAt);
        Assert.False(_ring.Buckets.Admits(Users, written));
        Assert.False(_ring.Buckets.Admits(BucketName.Default, written));
        Assert.True(_ring.Buckets.Admits(Users, _ring.Epoch));
    }

    [Fact]
    public void A_replica_deletes_what_went_since_it_served_last()
    {
        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
        var served = _ring.Epoch;
        Assert.Null(_ring.Buckets.GoneSince(served));
        Change(new BucketChange.Drop(Users));
        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
        Change(new BucketChange.Empty(BucketName.Default));
        var gone = _ring.Buckets.GoneSince(served)!;
        Assert.Equal((BucketName[])[BucketName.Default, Users], gone.Names);
        Assert.False(gone.AllButThese);
        Assert.Null(_ring.Buckets.GoneSince(_ring.Epoch));
    }

    [Fact]
    public void A_replica_that_missed_more_than_is_remembered_keeps_what_there_was_before_and_is_there()
    {
        var old = BucketName.Create("old");
        Change(new BucketChange.Create(old, BucketPolicy.Siblings, Majorities));
        var served = _ring.Epoch;
        for (var i = 0; i < BucketCatalogue.MaxDropped; i++)
        {
            Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
            Change(new BucketChange.Drop(Users));
        }

        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
        var gone = _ring.Buckets.GoneSince(served)!;
        Assert.True(gone.AllButThese);
        Assert.Equal((BucketName[])[BucketName.Default, old], gone.Names);
    }

    [Fact]
    public void Nothing_is_dropped_or_emptied_while_partitions_move()
    {
        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
        Assert.Null(RingPlanner.Plan(_ring, [new RingChange.Join(Rings.Member(5))], null, out var plan));
        foreach (var change in (BucketChange[])[new BucketChange.Drop(Users), new BucketChange.Empty(Users)])
        {
            var refusal = RingSteps.ChangeBucket(plan!.Next, change, out var next);
            Assert.Null(next);
            Assert.Equal(BucketProblem.Moving, refusal!.Problem);
            Assert.Contains("Nothing was changed. Wait", refusal.Words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_move_goes_on_from_where_it_was_when_a_bucket_changes()
    {
        Assert.Null(RingPlanner.Plan(_ring, [new RingChange.Join(Rings.Member(5))], null, out var plan));
        var moving = plan!.Next.Partitions.First(partition => plan.Next.PhaseOf(partition) == MovePhase.Waiting);
        _ring = RingSteps.Advance(plan.Next, new Dictionary<PartitionId, MovePhase> { [moving] = MovePhase.WriteBothReadOld });
        var before = _ring;
        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
        Assert.Equal(before.Phases, _ring.Phases);
        Assert.Equal(before.NextOwners, _ring.NextOwners);
        _ring = RingSteps.Advance(_ring, new Dictionary<PartitionId, MovePhase> { [moving] = MovePhase.WriteBothReadNew });
        Assert.NotNull(_ring.Buckets.Find(Users));
    }

    [Fact]
    public void Every_step_of_a_ring_keeps_its_buckets()
    {
        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
        Assert.Null(RingPlanner.Plan(_ring, [new RingChange.Join(Rings.Member(5))], null, out var plan));
        Assert.Null(RingSteps.Cancel(plan!.Next, out var cancelled));
        var moving = plan.Next.Partitions.Where(partition => plan.Next.PhaseOf(partition) == MovePhase.Waiting).ToList();
        var ring = plan.Next;
        for (var phase = MovePhase.WriteBothReadOld; phase <= MovePhase.Done; phase++)
            ring = RingSteps.Advance(ring, moving.ToDictionary(partition => partition, _ => phase));
        Assert.All(
            [plan.Next, cancelled!, ring, RingSteps.Settle(ring), RingSteps.Recover(ring, new HashSet<NodeId> { Rings.Node(1) })],
            step => Assert.NotNull(step.Buckets.Find(Users)));
    }

    public static TheoryData<string, BucketProblem, string> Refused() => new()
    {
        { "create users siblings 3", BucketProblem.Exists, "There is a bucket 'users' already. Nothing was changed. Alter it" },
        { "create kv.ring siblings 3", BucketProblem.Reserved, "begins with 'kv.'" },
        { "create other siblings 4", BucketProblem.Invalid, "N is 4; this cluster keeps at most 3 copies. Nothing was changed." },
        { "create other strong 3 sloppy", BucketProblem.Invalid, "A strong bucket takes its majorities from N" },
        { "create other strong 3 strict ttl", BucketProblem.Invalid, "A strong bucket's values do not expire" },
        { "create other siblings 3 sloppy short", BucketProblem.Invalid, "A time to live is 1 to" },
        { "alter users siblings 1", BucketProblem.CopiesFixed, "N of 'users' is 3 and cannot become 1. Nothing was changed. Create another" },
        { "alter other siblings 3", BucketProblem.Unknown, "There is no bucket 'other'. Nothing was changed." },
        { "alter gone siblings 3", BucketProblem.Unknown, "The bucket 'gone' was dropped in epoch 1.4." },
        { "drop other", BucketProblem.Unknown, "There is no bucket 'other'" },
        { "drop default", BucketProblem.Reserved, "The default bucket cannot be dropped. Nothing was changed. Delete its keys" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_change_that_may_not_be_is_refused_in_words_and_changes_nothing(string change, BucketProblem problem, string words)
    {
        Change(new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities));
        Change(new BucketChange.Create(BucketName.Create("gone"), BucketPolicy.Siblings, Majorities));
        Change(new BucketChange.Drop(BucketName.Create("gone")));
        var refusal = RingSteps.ChangeBucket(_ring, Parse(change.Split(' ')), out var next);
        Assert.Null(next);
        Assert.Equal(problem, refusal!.Problem);
        Assert.Contains(words, refusal.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void There_may_be_so_many_buckets_and_no_more()
    {
        for (var i = 1; i < BucketCatalogue.MaxBuckets; i++)
            Change(new BucketChange.Create(BucketName.Create($"b{i}"), BucketPolicy.Siblings, Majorities));
        var refusal = RingSteps.ChangeBucket(_ring, new BucketChange.Create(Users, BucketPolicy.Siblings, Majorities), out _);
        Assert.Equal(BucketProblem.TooMany, refusal!.Problem);
    }

    [Fact]
    public void A_strong_bucket_is_strict_majorities_of_N()
    {
        Change(new BucketChange.Create(Users, BucketPolicy.Strong, Quorum.OfMajorities(3, sloppy: false)));
        Assert.True(_ring.Buckets.Find(Users)!.IsStrong);
    }

    [Fact]
    public void Parts_that_make_no_catalogue_are_refused()
    {
        var users = new BucketDefinition(Users, RingEpoch.First, BucketPolicy.Siblings, Majorities, null);
        var standard = BucketDefinition.Default(3);
        Assert.Throws<ArgumentException>(() => new BucketCatalogue([], []));
        Assert.Throws<ArgumentException>(() => new BucketCatalogue([users], []));
        Assert.Throws<ArgumentException>(() => new BucketCatalogue([users, standard], []));
        Assert.Throws<ArgumentException>(() => new BucketCatalogue([standard], [new DroppedBucket(Users, _ring.Epoch, _ring.Epoch)]));
        Assert.Throws<ArgumentException>(() => WithBuckets(new BucketCatalogue([standard, users with { CreatedAt = _ring.Epoch.Next() }], [])));
        Assert.Throws<ArgumentException>(() => WithBuckets(BucketCatalogue.New(16).Apply(
            new BucketChange.Create(Users, BucketPolicy.Siblings, Quorum.OfMajorities(5)), _ring.Epoch, 16, out var wide) is null ? wide! : null!));
    }

    private static BucketChange Parse(string[] words)
    {
        var name = BucketName.Create(words[1]);
        if (words[0] == "drop")
            return new BucketChange.Drop(name);
        var quorum = Quorum.OfMajorities(words[3][0] - '0', sloppy: words.ElementAtOrDefault(4) != "strict");
        TimeSpan? ttl = words.ElementAtOrDefault(5) switch
        {
            "ttl" => TimeSpan.FromHours(1),
            "short" => TimeSpan.FromMilliseconds(1),
            _ => null,
        };
        return words[0] == "alter"
            ? new BucketChange.Alter(name, quorum, ttl)
            : new BucketChange.Create(name, Enum.Parse<BucketPolicy>(words[2], ignoreCase: true), quorum, ttl);
    }

    private Ring WithBuckets(BucketCatalogue buckets) =>
        new(_ring.Cluster, _ring.Epoch, 3, _ring.Members, _ring.Owners, buckets: buckets);

    private void Change(BucketChange change)
    {
        Assert.Null(RingSteps.ChangeBucket(_ring, change, out var next));
        _ring = next!;
    }
}
