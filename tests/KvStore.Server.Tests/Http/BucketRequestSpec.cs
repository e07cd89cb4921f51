using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Server.Http;

namespace KvStore.Server.Tests.Http;

/// <summary>What PUT /v1/buckets/NAME asks of the ring's owner.</summary>
public sealed class BucketRequestSpec
{
    private static readonly BucketName Users = BucketName.Create("users");
    private static readonly Ring Empty = RingPlanner.Create(
        new ClusterId(1, 2), [.. Enumerable.Range(1, 3).Select(i => RingMember.Of(new NodeId((ulong)i, 1), $"h:{i}"))], 64);

    [Fact]
    public void A_bucket_that_is_not_there_is_created_with_defaults()
    {
        Assert.Equal(new BucketChange.Create(Users, BucketPolicy.Siblings, Quorum.OfMajorities(3)), Put("", Empty));
        Assert.Equal(
            new BucketChange.Create(Users, BucketPolicy.LastWriterWins, Quorum.Create(2, 1, 2), TimeSpan.FromSeconds(90)),
            Put("n=2&r=1&ttl=90&policy=lww", Empty));
        Assert.Equal(
            new BucketChange.Create(Users, BucketPolicy.Strong, Quorum.OfMajorities(3, sloppy: false)), Put("policy=strong", Empty));
    }

    [Fact]
    public void One_that_is_there_is_changed_and_keeps_what_is_not_named()
    {
        var ring = With(new BucketChange.Create(Users, BucketPolicy.Siblings, Quorum.Create(3, 2, 2, pw: 1), TimeSpan.FromSeconds(90)));
        Assert.Equal(new BucketChange.Alter(Users, Quorum.Create(3, 1, 2, pw: 1, sloppy: false), TimeSpan.FromSeconds(90)), Put("r=1&sloppy=false", ring));
        Assert.Equal(new BucketChange.Alter(Users, Quorum.Create(3, 2, 2, pw: 1), null), Put("ttl=0&policy=siblings&n=3", ring));
    }

    [Fact]
    public void Another_N_is_left_to_the_catalogue_to_refuse()
    {
        var ring = With(new BucketChange.Create(Users, BucketPolicy.Siblings, Quorum.OfMajorities(3)));
        var change = Put("n=1", ring);
        var refusal = RingSteps.ChangeBucket(ring, change, out _);
        Assert.StartsWith("N of 'users' is 3 and cannot become 1. Nothing was changed.", refusal!.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r=x", "r is a number; 'x' is none.")]
    [InlineData("r=4", "R is 4; with N = 3 it may be 1 to 3.")]
    [InlineData("n=99", "N is 99; it may be 1 to 16.")]
    [InlineData("n=0", "N is 0; it may be 1 to 16.")]
    [InlineData("w=-1", "w is a number; '-1' is none.")]
    [InlineData("ttl=1.5", "ttl is in whole seconds, 0 for none; '1.5' is no such number.")]
    [InlineData("sloppy=maybe", "sloppy is true or false; 'maybe' is neither.")]
    [InlineData("policy=crdt", "'crdt' is no policy: siblings, lww and strong are.")]
    [InlineData("color=red", "'color' is no parameter of a bucket")]
    public void What_makes_no_sense_is_refused_in_words(string query, string words)
    {
        Assert.False(BucketRequest.Put("users", Parse(query), Empty).TryGet(out _, out var problem));
        Assert.StartsWith(words, problem.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_policy_is_refused_with_what_to_do()
    {
        var ring = With(new BucketChange.Create(Users, BucketPolicy.Siblings, Quorum.OfMajorities(3)));
        Assert.False(BucketRequest.Put("users", Parse("policy=lww"), ring).TryGet(out _, out var problem));
        Assert.Equal("The policy of 'users' is siblings and cannot become lww. Nothing was changed. "
            + "Create another bucket with that policy and copy the keys.", problem.Text);
    }

    [Theory]
    [InlineData("Users")]
    [InlineData("")]
    [InlineData("a b")]
    public void A_name_that_is_none_is_refused(string name)
    {
        Assert.False(BucketRequest.Put(name, Parse(""), Empty).TryGet(out _, out var problem));
        Assert.StartsWith("A bucket name", problem.Text, StringComparison.Ordinal);
        Assert.False(BucketRequest.Of(name, bucket => new BucketChange.Drop(bucket)).TryGet(out _, out _));
    }

    private static BucketChange Put(string query, Ring ring) =>
        BucketRequest.Put("users", Parse(query), ring).TryGet(out var change, out var problem) ? change : throw new InvalidDataException(problem.Text);

    private static Ring With(BucketChange change)
    {
        Assert.Null(RingSteps.ChangeBucket(Empty, change, out var next));
        return next!;
    }

    private static Dictionary<string, string> Parse(string query) =>
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
}
