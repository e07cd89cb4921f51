using Akka.Actor;
using Akka.Cluster.Sharding.Internal;

namespace Troupe.Tests.ClusterSharding;

public sealed class RegionBookSpec
{
    private static readonly NamedRef Self = new("self");
    private static readonly NamedRef Other = new("other");

    private readonly RegionBook _book = new(Self, capacity: 3);

    [Fact]
    public void A_message_waits_until_its_shard_has_a_home()
    {
        Assert.Null(_book.RouteOf("s"));
        Assert.True(_book.Wait("s", 1, ActorRefs.NoSender));
        Assert.Equal(["s"], _book.Wanted);

        _book.Learn("s", Other);

        Assert.Empty(_book.Wanted);
        Assert.Equal([(object)1], _book.TakeWaiting("s").Select(w => w.Message));
        Assert.Equal(Other, _book.RouteOf("s"));
    }

    [Fact]
    public void A_message_passes_none_that_waits_for_the_same_shard()
    {
        _book.Wait("s", 1, ActorRefs.NoSender);
        _book.Learn("s", Other);

        Assert.Null(_book.RouteOf("s"));
    }

    [Fact]
    public void No_more_than_the_capacity_waits_whatever_the_shard()
    {
        Assert.True(_book.Wait("s", 1, ActorRefs.NoSender));
        Assert.True(_book.Wait("t", 2, ActorRefs.NoSender));
        Assert.True(_book.Wait("u", 3, ActorRefs.NoSender));
        Assert.False(_book.Wait("s", 4, ActorRefs.NoSender));

        Assert.Single(_book.TakeWaiting("s"));
        Assert.True(_book.Wait("v", 5, ActorRefs.NoSender));
        Assert.Equal(3, _book.Waiting);
    }

    [Fact]
    public void At_the_beginning_of_a_hand_off_all_forget_but_the_region_that_has_the_shard()
    {
        _book.Learn("mine", Self);
        _book.Learn("other", Other);

        _book.OnBeginHandOff("mine");
        _book.OnBeginHandOff("other");

        Assert.Equal(Self, _book.RouteOf("mine"));
        Assert.Null(_book.RouteOf("other"));
    }

    [Fact]
    public void A_shard_that_is_being_stopped_here_lives_nowhere()
    {
        _book.Learn("s", Self);
        _book.OnStopping("s", Other);

        Assert.Null(_book.RouteOf("s"));
        Assert.False(_book.Learn("s", Self));
        Assert.False(_book.Learn("s", Other));
        Assert.Equal(Other, _book.OnStopped("s"));
        Assert.True(_book.Learn("s", Other));
    }

    [Fact]
    public void A_shard_that_runs_here_is_believed_to_be_nowhere_else()
    {
        _book.Learn("s", Self);

        Assert.False(_book.Learn("s", Other));
        Assert.Equal(Self, _book.RouteOf("s"));
    }

    [Fact]
    public void With_a_region_its_homes_are_forgotten()
    {
        _book.Learn("s", Other);
        _book.Learn("t", Self);

        _book.Forget(Other);

        Assert.Null(_book.RouteOf("s"));
        Assert.Equal(Self, _book.RouteOf("t"));
    }
}
