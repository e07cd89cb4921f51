using Akka.Actor;
using Akka.Cluster;
using Troupe.Simulation;
using static Akka.Cluster.ClusterEvent;

namespace Troupe.Tests.Clustering;

/// <summary>What needs a system to end without a word, at a moment of the test's choice.</summary>
public sealed class LifeSpec
{
    private static SimulatedMember[] Form(World world, int count)
    {
        var nodes = Enumerable.Range(1, count).Select(i => world.AddNode($"n{i}")).ToArray();
        var members = nodes.Select(node => SimulatedMember.Start(world, node)).ToArray();
        foreach (var member in members)
            member.Join(nodes[0]);
        Assert.True(world.RunUntil(() => members.All(member => member.Sees(members)), TimeSpan.FromSeconds(30)));
        return members;
    }

    private static void Down(SimulatedMember by, SimulatedMember gone) => by.Node.Run(() =>
    {
        by.Cluster.Down(gone.Self.Address);
        return true;
    });

    [Fact]
    public void A_watched_actor_of_a_crashed_member_is_dead_when_the_member_is_removed_and_not_before()
    {
        using var world = new World(3, "watch");
        var members = Form(world, 3);
        members[2].Node.Run(() => members[2].System.ActorOf(Props.Create(() => new Silent()), "watched"));
        var ended = new List<Terminated>();
        members[0].Node.Run(() => members[0].System.ActorOf(Props.Create(() => new Mourner($"{members[2].Self.Address}/user/watched", ended))));
        world.RunFor(TimeSpan.FromSeconds(5));
        members[2].Node.Crash();
        world.RunFor(TimeSpan.FromMinutes(2));
        Assert.Single(members[0].Cluster.State.Unreachable);
        Assert.Empty(ended);

        Down(members[1], members[2]);

        Assert.True(world.RunUntil(() => ended.Count > 0, TimeSpan.FromSeconds(5)));
        Assert.True(Assert.Single(ended).AddressTerminated);
    }

    [Fact]
    public void A_newcomer_is_weakly_Up_after_seven_seconds_without_convergence_and_Up_after_the_down()
    {
        using var world = new World(4, "weakly");
        var members = Form(world, 3);
        world.RunFor(TimeSpan.FromSeconds(10));
        members[2].Node.Crash();
        Assert.True(world.RunUntil(() => members[0].Cluster.State.Unreachable.Count == 1, TimeSpan.FromSeconds(10)));
        var lost = world.Now;
        var newcomer = SimulatedMember.Start(world, world.AddNode("n4"));
        newcomer.Join(members[0].Node);

        Assert.True(world.RunUntil(() => newcomer.Cluster.SelfMember.Status == MemberStatus.WeaklyUp, TimeSpan.FromSeconds(20)));
        Assert.InRange(world.Now - lost, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(10));
        world.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(MemberStatus.WeaklyUp, newcomer.Cluster.SelfMember.Status);
        Down(members[0], members[2]);

        SimulatedMember[] living = [members[0], members[1], newcomer];
        Assert.True(world.RunUntil(() => living.All(member => member.Sees(living)), TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_crashed_member_is_unreachable_after_four_to_seven_seconds()
    {
        using var world = new World(5, "silence");
        var members = Form(world, 5);
        world.RunFor(TimeSpan.FromSeconds(10));
        members[4].Node.Crash(CrashKind.Silent);
        var crashed = world.Now;

        Assert.True(world.RunUntil(() => members[..4].All(member => member.Cluster.State.Unreachable.Count == 1), TimeSpan.FromSeconds(20)));

        Assert.InRange(world.Now - crashed, TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void A_member_that_was_downed_while_cut_off_is_quarantined_for_good()
    {
        using var world = new World(6, "quarantine");
        var members = Form(world, 3);
        world.Network.Isolate(members[2].Node);
        Assert.True(world.RunUntil(() => members[0].Cluster.State.Unreachable.Count == 1, TimeSpan.FromSeconds(10)));
        Down(members[0], members[2]);
        Assert.True(world.RunUntil(() => members[..2].All(member => member.Cluster.State.Members.Count == 2), TimeSpan.FromSeconds(10)));

        world.Network.HealAll();
        world.RunFor(TimeSpan.FromMinutes(2));

        Assert.All(members[..2], member => Assert.Equal(2, member.Cluster.State.Members.Count));
        Assert.Equal(MemberStatus.Up, members[2].Cluster.SelfMember.Status);
        Assert.Equal(2, members[2].Cluster.State.Unreachable.Count);
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Mourner : UntypedActor
    {
        private readonly List<Terminated> _ended;

        public Mourner(string path, List<Terminated> ended)
        {
            _ended = ended;
            Context.ActorSelection(path).Tell(new Identify(1));
        }

        protected override void OnReceive(object message)
        {
            if (message is ActorIdentity { Subject: { } subject })
                Context.Watch(subject);
            else if (message is Terminated terminated)
                _ended.Add(terminated);
        }
    }
}
