using FsCheck;
using FsCheck.Fluent;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.Placement;

/// <summary>The planner's laws, for rings of 1 to 200 nodes with and without weights and racks, over a few changes in a row.</summary>
public sealed class RingPlannerProperties
{
    [Fact]
    public void Owners_stay_within_one_partition_of_their_share_and_no_more_move_than_must() =>
        Prop.ForAll(Arb.From(Cases()), input => Walk(input, step => step.CheckOwners())).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public void Each_epoch_of_each_change_has_N_distinct_primaries_and_only_filled_ones_are_read() =>
        Prop.ForAll(Arb.From(Cases(maxNodes: 12)), input => Walk(input, step => step.CheckEpochs())).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public void The_same_input_gives_the_same_plan() =>
        Prop.ForAll(Arb.From(Cases(maxNodes: 40)), input => Walk(input, step => step.CheckDeterministic()))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    private static Gen<PlannerCase> Cases(int maxNodes = 200) =>
        from nodes in Gen.Choose(1, maxNodes)
        from partitions in Gen.Elements(64, 256, 512)
        from racks in Gen.Elements(0, 0, 2, 3, 5)
        from weighted in Gen.Elements(false, false, true)
        from seed in Gen.Choose(0, int.MaxValue)
        select new PlannerCase(nodes, partitions, racks, weighted, seed);

    private static bool Walk(PlannerCase input, Action<PlannerStep> check)
    {
        var ring = input.FirstRing();
        for (var change = 0; change < 3; change++)
        {
            var changes = input.ChangesFor(ring, change);
            Assert.Null(RingPlanner.Plan(ring, changes, null, out var plan));
            var step = new PlannerStep(plan!);
            check(step);
            ring = step.Finish();
        }

        return true;
    }
}
