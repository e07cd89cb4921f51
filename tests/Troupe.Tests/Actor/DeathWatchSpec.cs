using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Troupe.Tests.Actor;

public class DeathWatchSpec
{
    [Fact]
    public void A_watcher_is_told_once_that_the_actor_has_stopped()
    {
        using var system = new ManualSystem();
        var target = system.StartNoting("target");
        var watcher = Watcher(system, target);
        system.Tell(watcher, "watch");

        system.Tell(target, PoisonPill.Instance);

        Assert.Equal([$"Terminated {target} True"], system.Notes);
    }

    [Fact]
    public void Watching_a_stopped_actor_tells_at_once_that_it_is_not_there()
    {
        using var system = new ManualSystem();
        var target = system.StartNoting("target");
        system.Tell(target, PoisonPill.Instance);

        Watcher(system, target);

        Assert.Equal([$"Terminated {target} False"], system.Notes);
    }

    [Fact]
    public void After_unwatch_not_even_a_queued_Terminated_arrives()
    {
        using var system = new ManualSystem();
        var target = system.StartNoting("target");
        var watcher = Watcher(system, target);

        target.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        watcher.Tell("unwatch", ActorRefs.NoSender); // runs after the target, and before the Terminated behind it
        system.Run();

        Assert.Empty(system.Notes);
    }

    [Fact]
    public void WatchWith_sends_its_message_instead()
    {
        using var system = new ManualSystem();
        var target = system.StartNoting("target");
        system.Start((context, message) =>
        {
            if (message is "start") context.WatchWith(target, "it is gone");
            else system.Notes.Add((string)message);
        }).Tell("start", ActorRefs.NoSender);
        system.Run();

        system.Tell(target, PoisonPill.Instance);

        Assert.Equal(["it is gone"], system.Notes);
    }

    [Fact]
    public void An_unhandled_Terminated_is_the_watchers_failure()
    {
        using var system = new ManualSystem();
        var target = system.StartNoting("target");
        var watcher = system.Start(Props.Create(() => new Careless(target)));

        system.Tell(target, PoisonPill.Instance);

        Assert.True(((IInternalActorRef)watcher).IsTerminated);
    }

    [Fact]
    public void A_restart_of_the_watched_actor_is_no_end()
    {
        using var system = new ManualSystem();
        var target = system.Start(Props.Create(() => new LifecycleActor("t", new LifecycleActor.Options(new List<string>()))));
        Watcher(system, target);

        system.Tell(target, new InvalidOperationException("boom"));

        Assert.Empty(system.Notes);
    }

    [Fact]
    public void A_lost_node_ends_the_watch_of_its_actors_and_forgets_its_watchers()
    {
        using var system = new ManualSystem();
        var lost = new Address("akka.tcp", "other", "host", 1);
        var there = new Elsewhere(new RootActorPath(lost) / "user" / "x", system.System.Provider);
        var watcher = Watcher(system, there);
        ((IInternalActorRef)watcher).SendSystemMessage(new Watch((IInternalActorRef)watcher, there));

        system.Tell(watcher, new AddressTerminated(lost));

        Assert.Equal([$"Terminated {there} False"], system.Notes);
        system.Tell(watcher, PoisonPill.Instance);
        Assert.DoesNotContain(there.SystemMessages, m => m is DeathWatchNotification);
    }

    [Fact]
    public void A_reference_without_a_uid_is_told_of_the_end_of_any_incarnation()
    {
        using var system = new ManualSystem();
        var path = new RootActorPath(new Address("akka.tcp", "other", "host", 1)) / "user" / "x";
        var watcher = Watcher(system, new Elsewhere(path, system.System.Provider));

        ((IInternalActorRef)watcher).SendSystemMessage(
            new DeathWatchNotification(new Elsewhere(path.WithUid(7), system.System.Provider), existenceConfirmed: true,
                addressTerminated: false));
        system.Run();

        Assert.Single(system.Notes);
    }

    [Fact]
    public void Watchers_are_told_in_the_order_in_which_they_came()
    {
        using var system = new ManualSystem();
        var target = system.StartNoting("target");
        for (var i = 0; i < 40; i++)
        {
            var name = $"w{i}";
            system.Start((context, message) =>
            {
                if (message is "start") context.Watch(target);
                else system.Notes.Add(name);
            }).Tell("start", ActorRefs.NoSender);
        }

        system.Run();
        system.Tell(target, PoisonPill.Instance);

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"w{i}"), system.Notes);
    }

    private static IActorRef Watcher(ManualSystem system, IActorRef target)
    {
        var watcher = system.Start((context, message) =>
        {
            if (message is "watch") context.Watch(target);
            else if (message is "unwatch") context.Unwatch(target);
            else if (message is Terminated t) system.Notes.Add($"Terminated {t.ActorRef} {t.ExistenceConfirmed}");
        });
        system.Tell(watcher, "watch");
        return watcher;
    }

    private sealed class Careless : ReceiveActor
    {
        public Careless(IActorRef target) => Context.Watch(target);

        protected override void PostRestart(Exception reason) => throw new InvalidOperationException("it was to stop");
    }

    private sealed class Elsewhere(ActorPath path, IActorRefProvider provider) : MinimalActorRef
    {
        public List<ISystemMessage> SystemMessages { get; } = [];

        public override ActorPath Path => path;

        public override IActorRefProvider Provider => provider;

        public override bool IsLocal => false;

        public override void SendSystemMessage(ISystemMessage message) => SystemMessages.Add(message);
    }
}
