using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.Placement;

public sealed class RingPlannerSpec
{
    [Fact]
    public void A_joiner_takes_its_share_and_nothing_else_moves()
    {
        var plan = Plan(Rings.Of(5), new RingChange.Join(Rings.Member(6)));
        Assert.Equal(256 / 6, plan.OwnersChanged);
        Assert.All(plan.Moves.SelectMany(move => move.Fills), fill => Assert.Equal(Rings.Node(6), fill.Receiver));
    }

    [Fact]
    public void A_living_owner_is_the_only_source_of_its_successor()
    {
        var plan = Plan(Rings.Of(6), new RingChange.Leave(Rings.Node(2)));
        Assert.All(plan.Moves.SelectMany(move => move.Fills), fill => Assert.Equal(fill.Predecessor, Assert.Single(fill.Sources)));
        Assert.False(plan.IsAtRisk);
    }

    [Fact]
    public void A_dead_owners_successor_is_filled_from_N_minus_W_plus_1_others()
    {
        var plan = Plan(Rings.Of(6), new RingChange.Replace(Rings.Node(2), Rings.Member(7, weight: 3)));
        Assert.All(plan.Moves.SelectMany(move => move.Fills), fill =>
        {
            Assert.Equal((Rings.Node(7), Rings.Node(2), 2), (fill.Receiver, fill.Predecessor, fill.Sources.Length));
            Assert.DoesNotContain(Rings.Node(2), fill.Sources);
        });
        Assert.Equal(100, plan.Next.Member(Rings.Node(7))!.Weight);
    }

    [Fact]
    public void Two_lost_replicas_of_one_partition_are_a_risk_that_the_plan_names()
    {
        var plan = Plan(Rings.Of(6), new RingChange.Remove(Rings.Node(2)), new RingChange.Remove(Rings.Node(3)));
        Assert.True(plan.IsAtRisk);
        Assert.Contains(plan.Warnings, warning => warning.Contains("acknowledged writes may be missing"));
    }

    [Fact]
    public void Changes_that_make_no_sense_are_refused()
    {
        var ring = Rings.Of(3);
        Assert.Equal(RingRefusal.NothingStaged, Refusal(ring));
        Assert.Equal(RingRefusal.AlreadyMember, Refusal(ring, new RingChange.Join(Rings.Member(1))));
        Assert.Equal(RingRefusal.NotMember, Refusal(ring, new RingChange.Leave(Rings.Node(9))));
        Assert.Equal(RingRefusal.ImpossibleSize, Refusal(Rings.Of(1), new RingChange.Leave(Rings.Node(1))));
        Assert.Equal(
            RingRefusal.Overlapping,
            Refusal(ring, new RingChange.Leave(Rings.Node(1)), new RingChange.Replace(Rings.Node(1), Rings.Member(8))));
        var changing = Plan(ring, new RingChange.Join(Rings.Member(4))).Next;
        Assert.Equal(RingRefusal.ChangeUnderWay, Refusal(changing, new RingChange.Leave(Rings.Node(1))));
    }

    [Fact]
    public void A_removed_node_never_comes_back_under_its_old_id()
    {
        var removed = new PlannerStep(Plan(Rings.Of(4), new RingChange.Remove(Rings.Node(2)))).Finish();
        Assert.Equal(Rings.Node(2), Assert.Single(removed.Removed));
        Assert.Equal(RingRefusal.WasRemoved, Refusal(removed, new RingChange.Join(Rings.Member(2))));
    }

    [Fact]
    public void A_change_is_cancelled_until_new_owners_are_read()
    {
        var ring = Rings.Of(3);
        var changing = Plan(ring, new RingChange.Join(Rings.Member(4))).Next;
        var moving = changing.Partitions.First(partition => changing.PhaseOf(partition) == MovePhase.Waiting);
        var writing = RingSteps.Advance(changing, new Dictionary<PartitionId, MovePhase> { [moving] = MovePhase.WriteBothReadOld });
        Assert.Null(RingSteps.Cancel(writing, out var cancelled));
        Assert.Equal(ring.Owners.AsEnumerable(), cancelled!.Owners.AsEnumerable());
        Assert.False(cancelled.Contains(Rings.Node(4)));
        var reading = RingSteps.Advance(writing, new Dictionary<PartitionId, MovePhase> { [moving] = MovePhase.WriteBothReadNew });
        Assert.Equal(RingRefusal.TooLateToCancel, RingSteps.Cancel(reading, out _));
    }

    [Fact]
    public void A_recovered_ring_outranks_every_ring_of_the_old_generation()
    {
        var ring = Rings.Of(5);
        var recovered = RingSteps.Recover(ring, new HashSet<NodeId> { Rings.Node(1), Rings.Node(2), Rings.Node(3) });
        Assert.Equal(2, recovered.Members.Length);
        Assert.True(recovered.Epoch > new RingEpoch(1, ulong.MaxValue));
        Assert.Contains(Rings.Node(1), recovered.Removed);
    }

    private static RingPlan Plan(Ring ring, params RingChange[] changes)
    {
        Assert.Null(RingPlanner.Plan(ring, changes, null, out var plan));
        return plan!;
    }

    private static RingRefusal? Refusal(Ring ring, params RingChange[] changes) => RingPlanner.Plan(ring, changes, null, out _);
}
