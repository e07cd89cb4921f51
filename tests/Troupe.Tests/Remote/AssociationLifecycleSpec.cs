using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Troupe.Tests.Remote;

/// <summary>Gates, restarts, quarantine and death watch between systems.</summary>
public sealed class AssociationLifecycleSpec : IAsyncLifetime
{
    private const string LongGate = "akka.remote.retry-gate-closed-for = 60s";

    private const string QuickWatch = """
        akka.remote.watch-failure-detector {
          heartbeat-interval = 50ms, acceptable-heartbeat-pause = 500ms, unreachable-nodes-reaper-interval = 50ms
          expected-response-after = 100ms
        }
        """;

    private readonly List<RemoteNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task While_gated_messages_are_dead_letters_and_a_call_from_the_peer_opens_the_gate()
    {
        var there = Start("there");
        var address = there.Address;
        await there.DisposeAsync();
        var here = Start("here", LongGate);
        var (failed, dead) = (here.Listen<AssociationErrorEvent>(), here.Listen<DeadLetter>());
        var target = here.By(address, "/user/target");
        target.Tell("refused");
        Assert.Equal(address, (await failed.Expect<AssociationErrorEvent>()).RemoteAddress);
        Assert.Equal("refused", (await dead.Fish<DeadLetter>()).Message);
        target.Tell("gated");
        Assert.Equal("gated", (await dead.Fish<DeadLetter>()).Message);
        Assert.Empty(failed.Drain());

        var again = Restart(address);
        here.Echo();
        var probe = again.NewProbe("target");
        again.By(here, "/user/echo").Tell("knock", probe.Ref);
        Assert.Equal("knock", await probe.Expect<string>());
        target.Tell("through");
        Assert.Equal("through", await probe.Expect<string>());
    }

    [Fact]
    public async Task A_cached_reference_to_a_restarted_peer_is_silently_dead_and_one_without_uid_is_not()
    {
        var here = Start("here");
        var there = Start("there");
        var address = there.Address;
        there.NewProbe("target");
        var cached = await here.Find(there, "/user/target");
        var byPath = here.By(there, "/user/target");
        var lost = here.Listen<DisassociatedEvent>();
        await there.DisposeAsync();
        await lost.Fish<DisassociatedEvent>(e => !e.IsInbound);

        var again = Restart(address);
        var successor = again.NewProbe("target");
        var errors = here.Listen<Error>();
        await Reach(again, here);
        cached.Tell("to the old one", ActorRefs.NoSender);
        byPath.Tell("to whoever is there", ActorRefs.NoSender);
        Assert.Equal("to whoever is there", await successor.Expect<string>());
        Assert.Empty(successor.Drain());
        Assert.Empty(errors.Drain());
    }

    [Fact]
    public async Task A_quarantined_incarnation_is_told_and_heard_no_more_and_its_successor_is_welcome()
    {
        var here = Start("here");
        var there = Start("there");
        await Reach(here, there);
        await Reach(there, here, "back");
        var quarantined = here.Listen<QuarantinedEvent>();
        var told = there.Listen<ThisActorSystemQuarantinedEvent>();
        here.Provider.Quarantine(there.Address, there.Uid);
        var happened = await quarantined.Expect<QuarantinedEvent>();
        Assert.Equal((there.Address, there.Uid), (happened.Address, happened.Uid));

        var target = here.NewProbe("target");
        there.By(here, "/user/target").Tell("unheard");
        Assert.Equal(here.Address, (await told.Expect<ThisActorSystemQuarantinedEvent>()).RemoteAddress);
        var dead = here.Listen<DeadLetter>();
        here.By(there, "/user/echo").Tell("unsent");
        await dead.Fish<DeadLetter>(letter => letter.Message.Equals("unsent"));

        var address = there.Address;
        await there.DisposeAsync();
        var again = Restart(address);
        await Reach(again, here, "again");
        Assert.Empty(target.Drain());
    }

    [Fact]
    public async Task The_death_of_a_watched_remote_actor_comes_after_its_last_message()
    {
        var here = Start("here");
        var there = Start("there");
        var victim = there.System.ActorOf(Props.Create(() => new SaysGoodbye()), "victim");
        var watcher = here.NewProbe();
        var remote = await here.Find(there, "/user/victim");
        await watcher.Ref.Ask<string>(new Watching(remote), RemoteNode.Patience);
        remote.Tell("die", watcher.Ref);
        Assert.Equal("goodbye", await watcher.Expect<string>());
        var terminated = await watcher.Expect<Terminated>();
        Assert.Equal(victim.Path.Uid, terminated.ActorRef.Path.Uid);
        Assert.True(terminated.ExistenceConfirmed);
        Assert.False(terminated.AddressTerminated);
    }

    [Fact]
    public async Task Watching_an_actor_that_does_not_exist_is_answered_at_once()
    {
        var here = Start("here");
        var there = Start("there");
        var watcher = here.NewProbe();
        await watcher.Ref.Ask<string>(new Watching(here.By(there, "/user/nobody")), RemoteNode.Patience);
        Assert.False((await watcher.Expect<Terminated>()).ExistenceConfirmed);
    }

    [Fact]
    public async Task The_loss_of_a_node_is_the_death_of_every_actor_watched_there()
    {
        var here = Start("here", QuickWatch);
        var there = RemoteNode.Start("there");
        there.NewProbe("one");
        there.NewProbe("two");
        var watcher = here.NewProbe();
        var one = await here.Find(there, "/user/one");
        var two = await here.Find(there, "/user/two");
        await watcher.Ref.Ask<string>(new Watching(one), RemoteNode.Patience);
        await watcher.Ref.Ask<string>(new Watching(two), RemoteNode.Patience);
        var quarantined = here.Listen<QuarantinedEvent>();
        WatcherHearsFrom(here, there);
        there.Vanish();
        var lost = new[] { await watcher.Expect<Terminated>(), await watcher.Expect<Terminated>() };
        Assert.All(lost, terminated => Assert.True(terminated.AddressTerminated));
        Assert.Equal(["one", "two"], lost.Select(terminated => terminated.ActorRef.Path.Name).Order());
        Assert.Equal(there.Uid, (await quarantined.Expect<QuarantinedEvent>()).Uid);
        await there.DisposeAsync();
    }

    [Fact]
    public async Task A_watch_across_a_quick_restart_ends_in_terminated()
    {
        var here = Start("here", QuickWatch + "\nakka.remote.watch-failure-detector.acceptable-heartbeat-pause = 60s");
        var there = Start("there");
        var address = there.Address;
        there.NewProbe("target");
        var watcher = here.NewProbe();
        await watcher.Ref.Ask<string>(new Watching(await here.Find(there, "/user/target")), RemoteNode.Patience);
        there.Vanish();
        await there.DisposeAsync();
        watcher.Drain();
        Restart(address).NewProbe("target");
        var terminated = await watcher.Expect<Terminated>();
        Assert.False(terminated.AddressTerminated);
    }

    [Fact]
    public async Task In_untrusted_mode_nobody_outside_stops_watches_or_selects_actors()
    {
        var here = Start("here");
        var there = Start("there", """
            akka.remote.untrusted-mode = on
            akka.remote.trusted-selection-paths = ["/user/open"]
            """);
        var target = there.NewProbe("target");
        var open = there.NewProbe("open");
        var reference = here.By(there, "/user/target");
        var watcher = here.NewProbe();
        reference.Tell(PoisonPill.Instance);
        reference.Tell(Kill.Instance);
        here.System.ActorSelection(there.Address + "/user/target").Tell("selected");
        here.System.ActorSelection(there.Address + "/user/open").Tell(PoisonPill.Instance);
        await watcher.Ref.Ask<string>(new Watching(reference), RemoteNode.Patience);
        ((IInternalActorRef)reference).Stop();
        reference.Tell("plain");
        Assert.Equal("plain", await target.Expect<string>());
        here.System.ActorSelection(there.Address + "/user/open").Tell("trusted");
        Assert.Equal("trusted", await open.Expect<string>());
        Assert.Empty(watcher.Drain());
    }

    private RemoteNode Start(string name, string config = "")
    {
        var node = RemoteNode.Start(name, config);
        _nodes.Add(node);
        return node;
    }

    private RemoteNode Restart(Address address)
    {
        var node = RemoteNode.StartAt(address);
        _nodes.Add(node);
        return node;
    }

    /// <summary>A round trip from one node to another.</summary>
    private static async Task Reach(RemoteNode from, RemoteNode to, string name = "reached")
    {
        to.Echo(name);
        Assert.Equal("ping", await from.By(to, "/user/" + name).Ask<string>("ping", RemoteNode.Patience));
    }

    /// <summary>The watcher knows the peer's uid from a heartbeat's answer; this is the one that it will read next.</summary>
    private static void WatcherHearsFrom(RemoteNode here, RemoteNode there) => here.Provider.RemoteWatcher.Tell(
        new RemoteWatcher.HeartbeatRsp(there.Uid), here.By(there, there.Provider.RemoteWatcher.Path.ToStringWithoutAddress()));

    private sealed class SaysGoodbye : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            Sender.Tell("goodbye");
            Context.Stop(Self);
        }
    }
}
