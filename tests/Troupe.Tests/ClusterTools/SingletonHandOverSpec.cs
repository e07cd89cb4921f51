using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using static Akka.Cluster.MemberStatus;
using static Akka.Cluster.Tools.Singleton.ClusterSingletonState;

namespace Troupe.Tests.ClusterTools;

/// <summary>The rules of one manager, number 2 of three, one event at a time.</summary>
public sealed class SingletonHandOverSpec
{
    private static readonly UniqueAddress One = Members.Node(1), Two = Members.Node(2), Three = Members.Node(3);

    private readonly List<SingletonEffect> _effects = [];

    [Fact]
    public void The_oldest_starts_at_once_where_nobody_is_on_the_way_out()
    {
        var oldest = Manager(Two);

        oldest.OnSnapshot([Members.Of(2), Members.Of(3)], _effects);

        Assert.Equal([SingletonEffect.StartSingleton.Instance], Taken());
        Assert.Equal(Oldest, oldest.State);
    }

    [Fact]
    public void A_younger_one_and_one_that_is_not_up_yet_do_nothing()
    {
        foreach (var status in (MemberStatus[])[Up, Joining, WeaklyUp])
        {
            var younger = Manager(Two);

            younger.OnSnapshot([Members.Of(1), Members.Of(2, status)], _effects);

            Assert.Empty(Taken());
            Assert.Equal(Younger, younger.State);
        }
    }

    [Fact]
    public void The_next_asks_the_one_that_leaves_and_starts_at_its_word()
    {
        var next = YoungerOfThree();

        next.OnMember(Members.Of(1, Exiting), _effects);

        Assert.Contains(new SingletonEffect.Send(new SingletonMessage.HandOverToMe(Two, One)), Taken());
        next.OnMessage(new SingletonMessage.HandOverInProgress(One, Two), _effects);
        Assert.Empty(Taken());
        next.OnMessage(new SingletonMessage.HandOverDone(One, Two), _effects);
        Assert.Contains(SingletonEffect.StartSingleton.Instance, Taken());
    }

    [Fact]
    public void It_asks_again_until_there_is_an_answer_and_warns()
    {
        var next = YoungerOfThree();
        next.OnMember(Members.Of(1, Exiting), _effects);
        Taken();

        for (var i = 0; i < 20; i++) next.OnRetry(_effects);

        var effects = Taken();
        Assert.Equal(20, effects.OfType<SingletonEffect.Send>().Count());
        Assert.Single(effects.OfType<SingletonEffect.Warn>());
    }

    [Fact]
    public void A_removed_one_is_not_waited_for()
    {
        var next = YoungerOfThree();
        next.OnMember(Members.Of(1, Down), _effects);
        Assert.Equal(BecomingOldest, next.State);

        next.OnRemoved(Members.Of(1, Removed), Down, _effects);

        Assert.Equal(Oldest, next.State);
    }

    [Fact]
    public void After_a_removal_it_waits_for_the_margin()
    {
        var next = YoungerOfThree(margin: TimeSpan.FromSeconds(5));
        next.OnMember(Members.Of(1, Down), _effects);
        next.OnRemoved(Members.Of(1, Removed), Down, _effects);

        Assert.Contains(new SingletonEffect.AwaitMargin(One), Taken());
        Assert.Equal(BecomingOldest, next.State);
        next.OnMarginPassed(One, _effects);
        Assert.Equal(Oldest, next.State);
    }

    [Fact]
    public void One_that_leaves_asks_the_next_and_ends_its_own_when_asked()
    {
        var leaver = OldestOfTwo();
        leaver.OnMember(Members.Of(2, Exiting), _effects);
        Assert.Contains(new SingletonEffect.Send(new SingletonMessage.TakeOverFromMe(Two, Three)), Taken());
        Assert.False(leaver.HasNothingToHandOver);

        leaver.OnMessage(new SingletonMessage.HandOverToMe(Three, Two), _effects);

        var effects = Taken();
        Assert.Contains(SingletonEffect.EndSingleton.Instance, effects);
        Assert.DoesNotContain(new SingletonEffect.Send(new SingletonMessage.HandOverDone(Two, Three)), effects);
        leaver.OnSingletonTerminated(_effects);
        Assert.Equal([new SingletonEffect.Send(new SingletonMessage.HandOverDone(Two, Three))], Taken());
        Assert.True(leaver.HasNothingToHandOver);
    }

    [Fact]
    public void Asked_before_it_knows_that_it_leaves_it_hands_over_all_the_same()
    {
        var leaver = OldestOfTwo();

        leaver.OnMessage(new SingletonMessage.HandOverToMe(Three, Two), _effects);
        leaver.OnSingletonTerminated(_effects);
        leaver.OnMember(Members.Of(2, Exiting), _effects);

        Assert.Equal(1, Taken().Count(effect => effect is SingletonEffect.EndSingleton));
        Assert.Equal(End, leaver.State);
    }

    [Fact]
    public void One_that_has_said_that_it_runs_nothing_never_starts()
    {
        var yielding = YoungerOfThree();
        yielding.OnMessage(new SingletonMessage.HandOverToMe(Three, Two), _effects);
        Assert.Equal([new SingletonEffect.Send(new SingletonMessage.HandOverDone(Two, Three))], Taken());

        yielding.OnMember(Members.Of(1, Exiting), _effects);
        yielding.OnRemoved(Members.Of(1, Removed), Exiting, _effects);

        Assert.Empty(Taken());
    }

    [Fact]
    public void The_last_member_ends_it_without_waiting_to_be_asked()
    {
        var last = Manager(Two);
        last.OnSnapshot([Members.Of(2)], _effects);
        Taken();

        last.OnSelfExiting(_effects);

        Assert.Contains(SingletonEffect.EndSingleton.Instance, Taken());
        Assert.Equal(Stopping, last.State);
    }

    [Fact]
    public void A_member_that_is_removed_ends_its_own_and_is_done_with_it()
    {
        var removed = OldestOfTwo();

        removed.OnRemoved(Members.Of(2, Removed), Down, _effects);

        Assert.Contains(SingletonEffect.EndSingleton.Instance, Taken());
        removed.OnSingletonTerminated(_effects);
        Assert.Contains(SingletonEffect.Finish.Instance, Taken());
    }

    [Fact]
    public void Removals_of_members_that_were_up_say_that_this_node_is_a_member_no_more()
    {
        var leaver = YoungerOfThree();

        leaver.OnRemoved(Members.Of(1, Removed), Up, _effects);

        Assert.DoesNotContain(SingletonEffect.StartSingleton.Instance, Taken());
        Assert.Equal(End, leaver.State);
    }

    [Fact]
    public void What_is_meant_for_another_incarnation_changes_nothing()
    {
        var oldest = OldestOfTwo();

        oldest.OnMessage(new SingletonMessage.HandOverToMe(Three, Members.Node(2, uid: 7)), _effects);

        Assert.Empty(Taken());
        Assert.Equal(Oldest, oldest.State);
    }

    [Fact]
    public void Members_without_the_role_are_neither_older_nor_waited_for()
    {
        var worker = new SingletonHandOver(Two, new SingletonMembers("worker"), TimeSpan.Zero, 15, SingletonBugs.None);

        worker.OnSnapshot([Members.Of(1, Exiting), Members.Of(2, role: "worker"), Members.Of(3, role: "worker")], _effects);

        Assert.Equal(Oldest, worker.State);
    }

    private static SingletonHandOver Manager(UniqueAddress self, TimeSpan margin = default) =>
        new(self, new SingletonMembers(role: null), margin, retriesUntilWarning: 15, SingletonBugs.None);

    private SingletonHandOver YoungerOfThree(TimeSpan margin = default)
    {
        var manager = Manager(Two, margin);
        manager.OnSnapshot([Members.Of(1), Members.Of(2), Members.Of(3)], _effects);
        return manager;
    }

    private SingletonHandOver OldestOfTwo()
    {
        var manager = Manager(Two);
        manager.OnSnapshot([Members.Of(2), Members.Of(3)], _effects);
        Taken();
        return manager;
    }

    private List<SingletonEffect> Taken()
    {
        var taken = _effects.ToList();
        _effects.Clear();
        return taken;
    }
}
