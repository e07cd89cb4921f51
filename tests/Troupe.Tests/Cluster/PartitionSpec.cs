using Akka.Cluster;
using Troupe.Simulation;
using static Akka.Cluster.ClusterEvent;

namespace Troupe.Tests.Clustering;

public sealed class PartitionSpec
{
    [Fact]
    public void Five_systems_split_3_to_2_for_five_minutes_and_heal()
    {
        using var world = new World(7, "split");
        var nodes = Enumerable.Range(1, 5).Select(i => world.AddNode($"n{i}")).ToArray();
        var members = nodes.Select(node => SimulatedMember.Start(world, node)).ToArray();
        foreach (var member in members)
            member.Join(nodes[0]);
        Assert.True(world.RunUntil(() => members.All(member => member.Sees(members)), TimeSpan.FromSeconds(30)));

        world.Network.Partition(nodes[..3], nodes[3..]);
        world.RunFor(TimeSpan.FromMinutes(5));

        Assert.All(members[..3], member => Assert.Equal(2, member.Cluster.State.Unreachable.Count));
        Assert.All(members[3..], member => Assert.Equal(3, member.Cluster.State.Unreachable.Count));
        Assert.Equal(members[3].Cluster.State.Leader, members[4].Cluster.State.Leader);
        Assert.NotEqual(members[0].Cluster.State.Leader, members[4].Cluster.State.Leader);
        world.Network.HealAll();
        Assert.True(world.RunUntil(() => members.All(member => member.Sees(members)), TimeSpan.FromSeconds(60)));
        Assert.All(members, member => Assert.DoesNotContain(member.Events, told => told.Event is MemberDowned or MemberRemoved));
    }
}
