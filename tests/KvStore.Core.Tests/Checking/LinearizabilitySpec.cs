using static KvStore.Core.Tests.Checking.RegisterCall;

namespace KvStore.Core.Tests.Checking;

public sealed class LinearizabilitySpec
{
    [Fact]
    public void A_stale_read_after_an_acknowledged_write_is_a_violation() =>
        Both([Write(0, 1, 1), Write(2, 3, 2), Read(4, 5, 1)], LinearizabilityVerdict.Violation);

    [Fact]
    public void A_read_beside_a_write_may_see_either_value()
    {
        Both([Write(0, 1, 1), Write(2, 6, 2), Read(3, 4, 1)], LinearizabilityVerdict.Linearizable);
        Both([Write(0, 1, 1), Write(2, 6, 2), Read(3, 4, 2)], LinearizabilityVerdict.Linearizable);
    }

    [Fact]
    public void Once_seen_a_value_is_not_unseen() =>
        Both([Write(0, 1, 1), Write(2, 9, 2), Read(3, 4, 2), Read(5, 6, 1)], LinearizabilityVerdict.Violation);

    [Fact]
    public void A_write_of_unknown_outcome_may_appear_late_or_never()
    {
        Both([Write(0, Never, 1), Read(5, 6, 0), Read(7, 8, 1)], LinearizabilityVerdict.Linearizable);
        Both([Write(0, Never, 1), Read(5, 6, 0)], LinearizabilityVerdict.Linearizable);
        Both([Write(0, Never, 1), Read(5, 6, 1), Read(7, 8, 0)], LinearizabilityVerdict.Violation);
    }

    [Fact]
    public void A_value_that_nobody_wrote_is_a_violation() =>
        Both([Write(0, 1, 1), Read(2, 3, 7)], LinearizabilityVerdict.Violation);

    [Fact]
    public void Two_swaps_of_one_value_cannot_both_succeed()
    {
        Assert.Equal(
            LinearizabilityVerdict.Violation,
            WglChecker.Check([Write(0, 1, 1), Swap(2, 5, 1, 2), Swap(3, 6, 1, 3), Read(7, 8, 3)]));
        Assert.Equal(
            LinearizabilityVerdict.Linearizable,
            WglChecker.Check([Write(0, 1, 1), Swap(2, 5, 1, 2), Swap(3, 6, 2, 3), Read(7, 8, 3)]));
    }

    [Fact]
    public void A_search_that_runs_out_of_steps_is_undecided() =>
        Assert.Equal(LinearizabilityVerdict.Undecided, WglChecker.Check([Write(0, 1, 1), Read(2, 3, 1)], maxSteps: 1));

    [Fact]
    public void Both_checkers_agree_on_random_histories()
    {
        var violations = 0;
        for (var seed = 0; seed < 2_000; seed++)
        {
            var history = RandomHistory(new Random(seed));
            var verdict = WglChecker.Check(history);
            Assert.True(verdict == ZoneChecker.Check(history), $"seed {seed}");
            violations += verdict == LinearizabilityVerdict.Violation ? 1 : 0;
        }

        Assert.InRange(violations, 200, 1_800);
    }

    private static List<RegisterCall> RandomHistory(Random random)
    {
        var history = new List<RegisterCall>();
        var values = 0;
        for (var i = 0; i < 8; i++)
        {
            var begin = random.Next(20);
            var end = random.Next(8) == 0 ? Never : begin + 1 + random.Next(6);
            if (random.Next(3) == 0)
                history.Add(Write(begin * 10 + i, end == Never ? Never : end * 10 + i, ++values));
            else if (end != Never)
                history.Add(Read(begin * 10 + i, end * 10 + i, random.Next(values + 1)));
        }

        return history;
    }

    private static void Both(List<RegisterCall> history, LinearizabilityVerdict expected)
    {
        Assert.Equal(expected, WglChecker.Check(history));
        Assert.Equal(expected, ZoneChecker.Check(history));
    }
}
