using Akka.Actor;
using Akka.Cluster;
using static Akka.Cluster.ClusterEvent;

namespace ActorRuntime.Specs.Clustering;

public sealed class MembershipSpec : IAsyncLifetime
{
    private readonly List<ClusterNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    private ClusterNode Start(string config = "")
    {
        var node = ClusterNode.Start(config);
        _nodes.Add(node);
        return node;
    }

    private async Task<ClusterNode[]> Form(int count, string config = "")
    {
        var nodes = await ClusterNode.Form(count, config);
        _nodes.AddRange(nodes);
        return nodes;
    }

    [Fact]
    public async Task A_node_that_joins_itself_is_a_cluster_of_one()
    {
        var node = Start();

        await node.Cluster.JoinAsync(node.Address);

        await node.Next<MemberUp>(node);
        await node.State(state => node.Address.Equals(state.Leader));
        Assert.Equal(MemberStatus.Up, node.Cluster.SelfMember.Status);
        Assert.Equal(node.Cluster.SelfUniqueAddress, Assert.Single(node.Cluster.State.Members).UniqueAddress);
    }

    [Fact]
    public async Task Five_nodes_join_and_are_Up_in_the_eyes_of_all()
    {
        var nodes = await Form(5);

        var first = nodes.Select(node => node.Address).Order(Member.AddressOrdering).First();
        foreach (var node in nodes)
            await node.State(state => state.Members.Count(member => member.Status == MemberStatus.Up) == 5 && first.Equals(state.Leader));
    }

    [Fact]
    public async Task A_killed_node_becomes_unreachable_and_stays_a_member_until_it_is_downed()
    {
        var nodes = await Form(3);
        await nodes[2].Kill();

        await nodes[0].Unreachable(nodes[2]);
        await nodes[1].Unreachable(nodes[2]);
        Assert.Equal(3, nodes[0].Cluster.State.Members.Count);
        nodes[1].Cluster.Down(nodes[2].Address);

        Assert.Equal("MemberDowned MemberRemoved", await nodes[0].Story<MemberRemoved>(nodes[2].Address));
        Assert.Equal("MemberDowned MemberRemoved", await nodes[1].Story<MemberRemoved>(nodes[2].Address));
        await nodes[0].State(state => state.Members.Count == 2 && state.Unreachable.IsEmpty);
    }

    [Fact]
    public async Task A_restarted_node_replaces_its_old_self()
    {
        var nodes = await Form(3);
        await nodes[2].Kill();
        await nodes[0].Unreachable(nodes[2]);
        await nodes[1].Unreachable(nodes[2]);
        var anew = nodes[2].StartAnew();
        _nodes.Add(anew);

        anew.Cluster.Join(nodes[0].Address);

        const string order = "MemberDowned MemberRemoved MemberJoined MemberUp";
        Assert.Equal(order, await nodes[0].Story<MemberUp>(anew.Address));
        Assert.Equal(order, await nodes[1].Story<MemberUp>(anew.Address));
        await anew.Next<MemberUp>(anew);
    }

    [Fact]
    public async Task A_node_that_leaves_goes_through_leaving_and_exiting_and_is_never_unreachable()
    {
        var nodes = await Form(3);

        await CoordinatedShutdown.Get(nodes[2].System).Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(ClusterNode.Patience);

        Assert.Equal("MemberLeft MemberExited MemberRemoved", await nodes[0].Story<MemberRemoved>(nodes[2].Address));
        Assert.Equal("MemberLeft MemberExited MemberRemoved", await nodes[1].Story<MemberRemoved>(nodes[2].Address));
    }
}
