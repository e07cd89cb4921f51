using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Troupe.Tests.Actor;

namespace Troupe.Tests.Dispatch;

public class MailboxSpec
{
    [Fact]
    public async Task Each_of_many_messages_that_race_with_the_end_of_an_actor_is_handled_or_a_dead_letter()
    {
        const int senders = 4, each = 20_000;
        using var system = ActorSystem.Create("race",
            (Config)"akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }");
        var counts = new Counts(senders * each);
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new CountsDeadLetters(counts))), typeof(DeadLetter));
        var target = system.ActorOf(Props.Create(() => new StopsAt(senders * each / 2, counts)));
        using var start = new Barrier(senders);
        var threads = Enumerable.Range(0, senders).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (var i = 0; i < each; i++) target.Tell(counts, ActorRefs.NoSender);
        })).ToList();

        threads.ForEach(t => t.Start());
        await counts.All.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(senders * each, counts.Seen);
        await system.Terminate();
    }

    [Fact]
    public async Task Every_watcher_that_races_with_the_end_of_an_actor_is_told()
    {
        const int watchers = 200;
        using var system = ActorSystem.Create("race",
            (Config)"akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }");
        var counts = new Counts(watchers);
        var target = system.ActorOf(Props.Empty);
        for (var i = 0; i < watchers; i++)
        {
            system.ActorOf(Props.Create(() => new Watches(target, counts)));
            if (i == watchers / 2) target.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        }

        await counts.All.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await system.Terminate();
    }

    [Fact]
    public async Task A_disposed_system_has_terminated()
    {
        var system = ActorSystem.Create("disposed", (Config)"akka { loglevel = OFF, stdout-loglevel = OFF }");
        system.ActorOf(Props.Empty);

        system.Dispose();

        Assert.True(system.WhenTerminated.IsCompletedSuccessfully);
        await system.WhenTerminated;
    }

    [Fact]
    public void A_turn_ends_after_the_throughput_so_that_others_come_too()
    {
        using var system = new ManualSystem("akka.actor.default-dispatcher.throughput = 2");
        var (a, b) = (system.StartNoting("a"), system.StartNoting("b"));
        for (var i = 0; i < 4; i++) a.Tell(i, ActorRefs.NoSender);
        b.Tell(0, ActorRefs.NoSender);
        system.Run();

        Assert.Equal(["a got 0", "a got 1", "b got 0", "a got 2", "a got 3"], system.Notes);
    }

    [Fact]
    public void System_messages_come_before_those_that_are_queued()
    {
        using var system = new ManualSystem();
        var actor = system.StartNoting("a");

        actor.Tell(1, ActorRefs.NoSender);
        ((IInternalActorRef)actor).Stop();
        system.Run();

        Assert.Empty(system.Notes);
    }

    [Fact]
    public void As_many_resumes_as_suspends_open_a_mailbox_again()
    {
        using var system = new ManualSystem();
        var actor = (IInternalActorRef)system.StartNoting("a");
        actor.Suspend();
        actor.Suspend();
        actor.Tell(1, ActorRefs.NoSender);

        actor.Resume();
        system.Run();
        Assert.Empty(system.Notes);

        actor.Resume();
        system.Run();
        Assert.Equal(["a got 1"], system.Notes);
    }

    [Fact]
    public void Null_is_no_message()
    {
        using var system = new ManualSystem();

        Assert.Throws<ArgumentNullException>(() => system.StartNoting("a").Tell(null!, ActorRefs.NoSender));
    }

    private sealed class Counts(int wanted)
    {
        private int _seen;

        public TaskCompletionSource All { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Seen => Volatile.Read(ref _seen);

        public void Add()
        {
            if (Interlocked.Increment(ref _seen) == wanted) All.SetResult();
        }
    }

    private sealed class StopsAt(int count, Counts counts) : UntypedActor
    {
        private int _handled;

        protected override void OnReceive(object message)
        {
            counts.Add();
            if (++_handled == count) Context.Stop(Self);
        }
    }

    private sealed class CountsDeadLetters(Counts counts) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is DeadLetter { Message: Counts }) counts.Add();
        }
    }

    private sealed class Watches : UntypedActor
    {
        private readonly Counts _counts;

        public Watches(IActorRef target, Counts counts)
        {
            _counts = counts;
            Context.Watch(target);
        }

        protected override void OnReceive(object message)
        {
            if (message is Terminated) _counts.Add();
        }
    }
}
