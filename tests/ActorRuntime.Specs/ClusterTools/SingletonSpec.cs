using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.TestKit;

namespace ActorRuntime.Specs.ClusterTools;

/// <summary>One actor in the whole cluster: on the oldest node, and elsewhere only after it has stopped there.</summary>
public sealed class SingletonSpec : ToolsSpec
{
    private readonly TestProbe _told;

    public SingletonSpec() => _told = CreateTestProbe();

    [Fact]
    public async Task The_oldest_node_runs_it_and_the_others_do_not()
    {
        var (first, second) = (NewSystem(), NewSystem());
        await Form(first, second);
        Manage(second);
        await _told.ExpectNoMsgAsync(Silence);

        Manage(first);

        await _told.ExpectMsgAsync(new Began(AddressOf(first)), Change);
        await _told.ExpectNoMsgAsync(Silence);
    }

    [Fact]
    public async Task A_member_that_leaves_hands_it_over_and_its_successor_starts_only_after_it_has_stopped()
    {
        var (first, second, third) = (NewSystem(), NewSystem(), NewSystem());
        await Form(first, second, third);
        Manage(first);
        Manage(second);
        Manage(third);
        await _told.ExpectMsgAsync(new Began(AddressOf(first)), Change);
        var running = _told.LastSender;

        var left = Leave(first);

        await _told.ExpectMsgAsync(new AskedToEnd(AddressOf(first)), Change);
        await _told.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(500));
        running.Tell("end now");
        await _told.ExpectMsgAsync(new Ended(AddressOf(first)), Change);
        await _told.ExpectMsgAsync(new Began(AddressOf(second)), Change);
        await left;
        await _told.ExpectNoMsgAsync(Silence);
    }

    [Fact]
    public async Task A_member_that_is_downed_has_a_successor_once_it_is_removed()
    {
        var (first, second) = (NewSystem(), NewSystem());
        await Form(first, second);
        Manage(first);
        Manage(second);
        await _told.ExpectMsgAsync(new Began(AddressOf(first)), Change);
        var running = _told.LastSender;

        Cluster.Get(second).Down(AddressOf(first));

        // The downed node still lives here, and ends its own by itself; the successor does not wait for that.
        var expected = new HashSet<object> { new Began(AddressOf(second)), new Ended(AddressOf(first)) };
        while (expected.Count > 0)
        {
            var message = (await _told.ReceiveOneAsync(Change))!;
            if (message is AskedToEnd) running.Tell("end now");
            else Assert.True(expected.Remove(message), $"{message} was not expected");
        }
        AwaitRemoved(AddressOf(first), second);
    }

    [Fact]
    public async Task Only_members_with_the_role_run_it()
    {
        var (first, second) = (NewSystem(), NewSystem("akka.cluster.roles = [worker]"));
        await Form(first, second);

        Manage(first, "worker");
        Manage(second, "worker");

        await _told.ExpectMsgAsync(new Began(AddressOf(second)), Change);
        await _told.ExpectNoMsgAsync(Silence);
    }

    [Fact]
    public async Task The_last_member_ends_it_before_it_goes()
    {
        var only = NewSystem();
        await Form(only);
        Manage(only);
        await _told.ExpectMsgAsync(new Began(AddressOf(only)), Change);
        var running = _told.LastSender;

        var left = Leave(only);

        await _told.ExpectMsgAsync(new AskedToEnd(AddressOf(only)), Change);
        Assert.False(left.IsCompleted);
        running.Tell("end now");
        await _told.ExpectMsgAsync(new Ended(AddressOf(only)), Change);
        await left;
    }

    [Fact]
    public async Task Its_path_is_its_name_below_the_managers()
    {
        var only = NewSystem();
        await Form(only);

        Manage(only);

        await _told.ExpectMsgAsync(new Began(AddressOf(only)), Change);
        Assert.Equal("/user/manager/one", _told.LastSender.Path.ToStringWithoutAddress());
    }

    [Fact]
    public void Without_more_it_is_called_singleton_needs_no_role_and_takes_the_other_settings_from_the_configuration()
    {
        var plain = ClusterSingletonManagerSettings.Create(Sys);

        Assert.Equal("singleton", plain.SingletonName);
        Assert.Null(plain.Role);
        Assert.Equal(TimeSpan.FromMilliseconds(200), plain.HandOverRetryInterval);
        Assert.Equal(TimeSpan.Zero, plain.RemovalMargin);
    }

    private void Manage(ActorSystem system, string? role = null)
    {
        var (address, told) = (AddressOf(system), _told.Ref);
        var settings = ClusterSingletonManagerSettings.Create(system).WithSingletonName("one").WithRole(role);
        system.ActorOf(
            ClusterSingletonManager.Props(Props.Create(() => new Reporter(address, told)), "end", settings), "manager");
    }

    private sealed record Began(Address At);

    private sealed record AskedToEnd(Address At);

    private sealed record Ended(Address At);

    /// <summary>Says that it begins, that it is asked to end, and that it ends, which it does when the spec lets it.</summary>
    private sealed class Reporter : ReceiveActor
    {
        private readonly Address _at;
        private readonly IActorRef _told;

        public Reporter(Address at, IActorRef told)
        {
            (_at, _told) = (at, told);
            Receive<string>(text => text == "end", _ => _told.Tell(new AskedToEnd(_at)));
            Receive<string>(text => text == "end now", _ => Context.Stop(Self));
        }

        protected override void PreStart() => _told.Tell(new Began(_at));

        protected override void PostStop() => _told.Tell(new Ended(_at));
    }
}
