using Akka.Actor;
using Akka.Cluster;
using static Akka.Cluster.ClusterEvent;

namespace ActorRuntime.Specs.Clustering;

public sealed class MembershipSpec : ClusterSpec
{
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
        var anew = StartAnew(nodes[2]);

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

    [Fact]
    public async Task Seed_nodes_bring_a_cluster_together()
    {
        var nodes = new[] { Start(), Start(), Start() };
        var seeds = nodes.Take(2).Select(node => node.Address).ToArray();

        await Task.WhenAll(nodes.Select(node => node.Cluster.JoinSeedNodesAsync(seeds))).WaitAsync(ClusterNode.Patience);

        foreach (var node in nodes)
            await node.State(state => state.Members.Count(member => member.Status == MemberStatus.Up) == 3);
    }

    [Fact]
    public async Task Members_have_the_roles_and_the_version_of_their_settings()
    {
        var first = Start("akka.cluster { roles = [front], app-version = \"1.2.3\" }");
        var second = Start("akka.cluster { roles = [back, big] }");
        first.Cluster.Join(first.Address);
        second.Cluster.Join(first.Address);

        await first.AllUp(first, second);

        var state = await first.State(state => state.RoleLeader("back") is not null && state.RoleLeader("front") is not null);
        Assert.Equal(second.Address, state.RoleLeader("back"));
        Assert.Equal(first.Address, state.RoleLeader("front"));
        Assert.True(state.Members.Single(member => member.Address.Equals(second.Address)).HasRole("big"));
        Assert.Equal("1.2.3", state.Members.Single(member => member.Address.Equals(first.Address)).AppVersion.Version);
        Assert.True(state.HasMoreThanOneAppVersion);
        Assert.Equal(3, state.AllRoles.Count);
    }

    [Fact]
    public async Task Joining_members_wait_until_there_are_enough()
    {
        const string two = "akka.cluster.min-nr-of-members = 2";
        var first = Start(two);
        first.Cluster.Join(first.Address);
        await first.Next<MemberJoined>(first);
        var up = new TaskCompletionSource();
        first.Cluster.RegisterOnMemberUp(up.SetResult);
        var second = Start(two);

        Assert.False(up.Task.IsCompleted);
        second.Cluster.Join(first.Address);

        await first.AllUp(first, second);
        await up.Task.WaitAsync(ClusterNode.Patience);
    }

    [Fact]
    public async Task The_first_that_came_Up_is_the_oldest()
    {
        var first = Start();
        await first.Cluster.JoinAsync(first.Address);
        var second = Start();
        await second.Cluster.JoinAsync(first.Address).WaitAsync(ClusterNode.Patience);
        await first.AllUp(second);

        var members = (await first.State(state => state.Members.Count == 2)).Members;
        var older = members.Single(member => member.Address.Equals(first.Address));
        var younger = members.Single(member => member.Address.Equals(second.Address));

        Assert.True(older.IsOlderThan(younger));
        Assert.False(younger.IsOlderThan(older));
        Assert.Equal([older, younger], members.Order(Member.AgeOrdering));
    }

    [Fact]
    public async Task While_one_is_unreachable_a_newcomer_is_only_weakly_Up_until_that_one_is_downed()
    {
        var nodes = await Form(3);
        await nodes[2].Kill();
        await nodes[0].Unreachable(nodes[2]);
        var newcomer = Start();
        var up = new TaskCompletionSource();
        newcomer.Cluster.RegisterOnMemberUp(up.SetResult);
        newcomer.Cluster.Join(nodes[0].Address);

        Assert.Equal("MemberJoined MemberWeaklyUp", await nodes[0].Story<MemberWeaklyUp>(newcomer.Address));
        Assert.False(up.Task.IsCompleted);
        nodes[0].Cluster.Down(nodes[2].Address);

        await nodes[1].Next<MemberUp>(newcomer);
        await up.Task.WaitAsync(ClusterNode.Patience);
    }

    [Fact]
    public async Task With_one_unreachable_a_leave_is_not_completed_and_the_shutdown_ends_all_the_same()
    {
        var nodes = await Form(3);
        await nodes[2].Kill();
        await nodes[0].Unreachable(nodes[2]);

        await CoordinatedShutdown.Get(nodes[1].System).Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(ClusterNode.Patience);

        await nodes[0].Next<MemberLeft>(nodes[1]);
        await nodes[0].Unreachable(nodes[1]);
        var state = await nodes[0].State(state => state.Unreachable.Count == 2);
        Assert.Equal(MemberStatus.Leaving, state.Members.Single(member => member.Address.Equals(nodes[1].Address)).Status);
    }

    [Fact]
    public async Task The_leaver_itself_is_told_that_every_member_is_removed_and_that_it_is_over()
    {
        var nodes = await Form(2);

        await CoordinatedShutdown.Get(nodes[1].System).Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(ClusterNode.Patience);

        var missing = nodes.Select(node => node.Address).ToHashSet();
        var isOver = false;
        await nodes[1].Next<IClusterDomainEvent>(happened =>
        {
            isOver |= happened is ClusterShuttingDown;
            if (happened is MemberRemoved removed)
                missing.Remove(removed.Member.Address);
            return isOver && missing.Count == 0;
        });
        Assert.True(nodes[1].Cluster.IsTerminated);
    }

    [Fact]
    public async Task A_subscriber_can_ask_for_the_state_at_once_and_for_one_kind_of_event()
    {
        var node = Start();
        await node.Cluster.JoinAsync(node.Address);
        var inbox = new TaskCompletionSource<object>();
        var subscriber = node.System.ActorOf(Props.Create(() => new FirstMessage(inbox)));

        node.Cluster.Subscribe(subscriber, typeof(IReachabilityEvent));

        var state = Assert.IsType<CurrentClusterState>(await inbox.Task.WaitAsync(ClusterNode.Patience));
        Assert.Equal(node.Address, Assert.Single(state.Members).Address);
        Assert.Throws<ArgumentException>(() => node.Cluster.Subscribe(subscriber, typeof(string)));
    }

    private sealed class FirstMessage : ReceiveActor
    {
        public FirstMessage(TaskCompletionSource<object> inbox) => ReceiveAny(message => inbox.TrySetResult(message));
    }
}
