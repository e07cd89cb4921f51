using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Core.Tests.Placement;

namespace KvStore.Core.Tests.Membership;

public sealed class FormerPlacesSpec
{
    private static readonly Ring First = Rings.Of(4, 64);
    private readonly FormerPlaces _places = new();

    public FormerPlacesSpec() => _places.OnRing(First);

    [Fact]
    public void Nobodys_silence_makes_a_place_a_former_one()
    {
        Assert.All(First.Members, member => Assert.False(_places.IsFormer(member.Address)));
        Assert.False(_places.IsFormer("elsewhere:4053"));
    }

    [Fact]
    public void What_the_ring_has_let_go_of_leaves_its_place()
    {
        _places.OnRing(Without(4));

        Assert.True(_places.IsFormer("node-4:4053"));
        Assert.False(_places.IsFormer("node-3:4053"));
    }

    [Fact]
    public void An_older_ring_says_nothing()
    {
        _places.OnRing(Without(4));

        _places.OnRing(First);

        Assert.True(_places.IsFormer("node-4:4053"));
    }

    [Fact]
    public void A_node_that_starts_again_elsewhere_leaves_its_place_and_may_come_back_to_it()
    {
        _places.OnStarted(Rings.Node(2), start: 2, "new:1");
        Assert.True(_places.IsFormer("node-2:4053"));
        Assert.False(_places.IsFormer("new:1"));

        _places.OnStarted(Rings.Node(2), start: 1, "node-2:4053");
        Assert.True(_places.IsFormer("node-2:4053"));

        _places.OnStarted(Rings.Node(2), start: 3, "node-2:4053");
        Assert.Equal((false, true), (_places.IsFormer("node-2:4053"), _places.IsFormer("new:1")));
    }

    [Fact]
    public void A_newcomer_at_the_place_of_a_lost_node_is_nobody_to_give_up()
    {
        var newcomer = Rings.Member(5) with { Address = "node-4:4053" };
        Assert.Null(RingPlanner.Plan(First, [new RingChange.Replace(Rings.Node(4), newcomer)], null, out var plan));
        _places.OnRing(plan!.Next);
        _places.OnRing(Settled(plan.Next));

        Assert.False(_places.IsFormer("node-4:4053"));
    }

    private static Ring Without(int node)
    {
        Assert.Null(RingPlanner.Plan(First, [new RingChange.Leave(Rings.Node(node))], null, out var plan));
        return Settled(plan!.Next);
    }

    private static Ring Settled(Ring ring)
    {
        while (!RingSteps.CanSettle(ring))
        {
            ring = RingSteps.Advance(ring, ring.Partitions
                .Where(partition => ring.PhaseOf(partition) is not (MovePhase.None or MovePhase.Done))
                .ToDictionary(partition => partition, partition => ring.PhaseOf(partition) + 1));
        }

        return RingSteps.Settle(ring);
    }
}
