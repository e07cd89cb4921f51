using System.Text;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Simulator.Histories;

namespace KvStore.Simulator.Tests;

public sealed class HistoryCheckerSpec
{
    private static readonly BucketKey Fruit = new(BucketName.Default, Key.Of("fruit"));
    private static readonly Dot First = new(new Incarnation(new NodeId(1, 1), 1), 1);
    private static readonly Dot Second = First with { Counter = 2 };

    [Fact]
    public void A_read_that_shows_the_acknowledged_write_or_what_came_after_it_is_right() =>
        Assert.Empty(Check(Written("a", First, 0, 1), Written("b", Second, 2, 3), Got("b", Second, 4, 5)));

    [Fact]
    public void A_read_that_does_not_descend_from_an_earlier_acknowledged_write_is_a_lost_write() =>
        Assert.StartsWith("lost write: b", Assert.Single(Check(Written("a", First, 0, 1), Written("b", Second, 2, 3), Got("a", First, 4, 5))),
            StringComparison.Ordinal);

    [Fact]
    public void A_read_beside_the_write_may_show_either() =>
        Assert.Empty(Check(Written("a", First, 0, 1), Written("b", Second, 2, 5), Got("a", First, 4, 6)));

    [Fact]
    public void A_write_that_may_or_may_not_be_applied_may_or_may_not_be_read() =>
        Assert.Empty(Check(
            Written("a", First, 0, 1), Written("b", null, 2, 3) with { Result = PutResult.Unknown }, Got("a", First, 4, 5), Got("b", Second, 6, 7)));

    [Fact]
    public void A_value_that_nobody_wrote_is_a_phantom() =>
        Assert.Contains(Check(Written("a", First, 0, 1), Got("z", Second, 2, 3)), v => v.StartsWith("phantom: z", StringComparison.Ordinal));

    [Fact]
    public void A_refused_write_that_is_read_is_a_phantom() =>
        Assert.Contains(Check(Written("a", null, 0, 1) with { Result = PutResult.NotDone }, Got("a", First, 2, 3)),
            v => v.StartsWith("phantom: a", StringComparison.Ordinal));

    [Fact]
    public void Two_values_under_one_dot_are_found() =>
        Assert.Contains(Check(Written("a", First, 0, 1), Written("b", First, 2, 3)), v => v.StartsWith("one dot", StringComparison.Ordinal));

    private static IReadOnlyList<string> Check(params Operation[] operations)
    {
        var history = new History();
        foreach (var operation in operations) history.Add(operation);
        return HistoryChecker.Check(history, TimeSpan.Zero);
    }

    private static Write Written(string value, Dot? dot, int sent, int answered) =>
        new(1, 1, Fruit, TimeSpan.FromSeconds(sent), TimeSpan.FromSeconds(answered), value, PutResult.Done, dot);

    private static Read Got(string value, Dot dot, int sent, int answered) =>
        new(1, 2, Fruit, TimeSpan.FromSeconds(sent), TimeSpan.FromSeconds(answered),
            SiblingSet.Empty.Update(VersionVector.Empty, Sibling.OfValue(dot, Encoding.UTF8.GetBytes(value))));
}
