using Akka.Actor;
using Akka.Cluster.Sharding.Internal;

namespace Troupe.Tests.ClusterSharding;

public sealed class SuccessionSpec
{
    private static readonly Address[] Members = [.. Enumerable.Range(0, 12).Select(i => new Address("akka.tcp", "test", $"m{i}", 1))];
    private static readonly ShardHomes Something = ShardHomes.Empty.WithRegion(new NamedRef("a")).WithHome("s", new NamedRef("a"));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(5, 5)]
    [InlineData(7, 7)]
    [InlineData(8, 8)]
    [InlineData(10, 9)]
    [InlineData(20, 14)]
    public void A_decision_needs_a_majority_and_three_more_and_five_at_least(int members, int needed) =>
        Assert.Equal(needed, MemberAnswers.Needed(members, majorityPlus: 3, minimum: 5));

    [Fact]
    public void Without_members_nobody_has_answered()
    {
        var answers = new MemberAnswers(3, 5);
        answers.Add(Members[0]);

        Assert.False(answers.AreEnough([]));
        Assert.True(answers.AreEnough([Members[0]]));
        Assert.False(answers.AreEnough([Members[1]]));
    }

    [Fact]
    public void The_newest_state_that_a_member_holds_is_inherited()
    {
        var shelves = Members.Take(3).Select(_ => new HomesShelf("t")).ToList();
        shelves[0].OnWrite(new HomesVersion(1, 1), ShardHomes.Empty.WithRegion(new NamedRef("old")));
        shelves[1].OnWrite(new HomesVersion(1, 2), Something);

        Assert.Equal(Something, Succeed(new Succession(7, 3, 5), shelves).Inherited);
    }

    [Fact]
    public void A_term_is_above_all_that_members_have_heard_of()
    {
        var shelves = Members.Take(3).Select(_ => new HomesShelf("t")).ToList();
        var first = Succeed(new Succession(7, 3, 5), shelves);
        var second = Succeed(new Succession(3, 3, 5), shelves);

        Assert.True(second.Term > first.Term);
    }

    [Fact]
    public void The_same_node_again_takes_a_new_term()
    {
        var shelves = Members.Take(3).Select(_ => new HomesShelf("t")).ToList();
        var first = Succeed(new Succession(7, 3, 5), shelves);
        foreach (var shelf in shelves) shelf.OnWrite(new HomesVersion(first.Term, 5), Something);

        var again = Succeed(new Succession(7, 3, 5), shelves);

        Assert.True(again.Term > first.Term);
        Assert.Equal(Something, again.Inherited);
    }

    [Fact]
    public void A_predecessor_that_still_writes_is_refused()
    {
        var shelves = Members.Take(3).Select(_ => new HomesShelf("t")).ToList();
        var first = Succeed(new Succession(7, 3, 5), shelves);
        var second = Succeed(new Succession(3, 3, 5), shelves);

        foreach (var shelf in shelves)
        {
            var answer = shelf.OnWrite(new HomesVersion(first.Term, 1), Something);
            Assert.True(answer.Newest > new HomesVersion(first.Term, 1));
            Assert.Equal(ShardHomes.Empty, shelf.OnRead(second.Term).Homes);
        }
    }

    [Fact]
    public void Of_two_that_read_at_once_one_takes_over_and_the_other_is_refused()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var shelves = Members.Take(9).Select(_ => new HomesShelf("t")).ToList();
            var both = new[] { new Succession(1, 3, 5), new Succession(2, 3, 5) };
            var members = Members.Take(9).ToArray();
            while (both.Any(s => !s.IsDone(members)))
            {
                var i = random.Next(9);
                var succession = both[random.Next(2)];
                if (!succession.HasAnswered(members[i])) succession.OnRead(members[i], shelves[i].OnRead(succession.Term));
            }
            var took = both.Where(s => Writes(s, shelves)).ToList();
            Assert.Equal(both.MaxBy(s => s.Term), Assert.Single(took));
        }
    }

    private static bool Writes(Succession succession, List<HomesShelf> shelves)
    {
        var answers = new MemberAnswers(3, 5);
        var version = new HomesVersion(succession.Term, 1);
        for (var i = 0; i < shelves.Count; i++)
        {
            if (shelves[i].OnWrite(version, Something).Newest == version) answers.Add(Members[i]);
        }
        return answers.AreEnough(Members.Take(shelves.Count).ToArray());
    }

    private static Succession Succeed(Succession succession, List<HomesShelf> shelves)
    {
        var members = Members.Take(shelves.Count).ToArray();
        while (!succession.IsDone(members))
        {
            for (var i = 0; i < shelves.Count; i++) succession.OnRead(members[i], shelves[i].OnRead(succession.Term));
        }
        return succession;
    }
}
