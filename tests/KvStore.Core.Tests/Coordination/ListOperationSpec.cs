using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.Coordination;

public sealed class ListOperationSpec
{
    private const int Partitions = 64;

    /// <summary>Keys of one partition in the order of the walk.</summary>
    private static readonly Key[] Keys =
    [
        .. Enumerable.Range(0, 10_000).Select(i => Key.Of($"k{i}")).Where(key => Token.Of(Named(key)).PartitionOf(Partitions) == Partition)
            .OrderBy(key => Token.Of(Named(key))).Take(6),
    ];

    private readonly List<ListEffect> _effects = [];

    [Fact]
    public void A_key_is_agreed_on_when_all_that_answered_have_it()
    {
        var list = Started();
        Assert.Equal([A, B, C], _effects.OfType<ListEffect.Ask>().Select(ask => ask.Node));
        list.OnPage(A, Page(Keys[0], Keys[1]), _effects);
        list.OnPage(B, Page(Keys[1], Keys[2]), _effects);
        Assert.Empty(Replies());
        list.OnPage(C, Page(Keys[1]), _effects);

        var outcome = Assert.Single(Replies());
        Assert.Equal((ListedKey[])[new(Keys[0], false), new(Keys[1], true), new(Keys[2], false)], outcome.Keys);
        Assert.Equal(ScanPosition.Of(new PartitionId(Partition.Value + 1), Partitions), outcome.Next);
    }

    [Fact]
    public void The_walk_goes_on_where_the_shortest_page_ends_and_leaves_nothing_out()
    {
        var list = Started();
        list.OnPage(A, new KeyPage([Keys[0], Keys[1]], PositionOf(Keys[2])), _effects);
        list.OnPage(B, new KeyPage([Keys[0], Keys[1], Keys[2], Keys[3]], PositionOf(Keys[4])), _effects);
        list.OnPage(C, Page(Keys), _effects);

        var outcome = Assert.Single(Replies());
        Assert.Equal([Keys[0], Keys[1]], outcome.Keys.Select(listed => listed.Key));
        Assert.Equal(PositionOf(Keys[2]), outcome.Next);
    }

    [Fact]
    public void Where_some_cannot_answer_R_are_enough_and_fewer_are_not()
    {
        var list = Started(Without(C));
        list.OnPage(A, Page(Keys[0]), _effects);
        list.OnPage(B, Page(Keys[0]), _effects);
        Assert.Equal(GetResult.Done, Assert.Single(Replies()).Result);

        _effects.Clear();
        list = Started();
        list.OnRefused(A, _effects);
        list.OnPage(B, Page(Keys[0]), _effects);
        list.OnRefused(C, _effects);
        Assert.Equal(GetResult.QuorumImpossible, Assert.Single(Replies()).Result);

        _effects.Clear();
        Started(Without(B, C));
        Assert.Equal(GetResult.QuorumImpossible, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void A_slow_owner_is_waited_for_only_so_long()
    {
        var list = Started();
        list.OnPage(A, Page(Keys[0]), _effects);
        list.OnSlow(_effects);
        Assert.Empty(Replies());
        list.OnPage(B, Page(Keys[0]), _effects);
        Assert.Equal(GetResult.Done, Assert.Single(Replies()).Result);
        list.OnPage(C, Page(Keys[1]), _effects);
        list.OnTimeout(_effects);
        Assert.Single(Replies());
    }

    [Fact]
    public void The_last_partition_is_the_end_of_the_walk()
    {
        var plan = new PreferenceList(new RingEpoch(1, 1), new PartitionId(Partitions - 1), 3, MovePhase.None, [A, B, C], [A, B, C]);
        var list = new ListOperation(plan, SomeKey.Bucket, Partitions, needed: 1, Without(B, C));
        list.Start(_effects);
        list.OnPage(A, Page(), _effects);
        Assert.Null(Assert.Single(Replies()).Next);
    }

    private ListOperation Started(Func<NodeId, bool>? isReachable = null)
    {
        var list = new ListOperation(Settled(), SomeKey.Bucket, Partitions, needed: 2, isReachable ?? AllReachable);
        list.Start(_effects);
        return list;
    }

    private List<ListOutcome> Replies() => [.. _effects.OfType<ListEffect.Reply>().Select(reply => reply.Outcome)];

    private static KeyPage Page(params Key[] keys) => new([.. keys], null);

    private static ScanPosition PositionOf(Key key) => ScanPosition.Of(Named(key));

    private static BucketKey Named(Key key) => new(SomeKey.Bucket, key);
}
