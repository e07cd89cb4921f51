using Akka.Actor;

namespace Troupe.Tests.Actor;

public class AsyncReceiveSpec
{
    [Fact]
    public void The_next_message_waits_for_the_end_of_an_asynchronous_handler()
    {
        using var system = new ManualSystem();
        var gate = new TaskCompletionSource();
        var actor = system.Start(Props.Create(() => new Waiting(gate.Task, system.Notes)));

        actor.Tell("wait", ActorRefs.NoSender);
        actor.Tell(1, ActorRefs.NoSender);
        system.Run();
        Assert.Equal(["before"], system.Notes);

        gate.SetResult();
        system.Run();

        Assert.Equal(["before", "after", "got 1"], system.Notes);
    }

    [Fact]
    public void A_continuation_has_the_actors_context_and_sender()
    {
        using var system = new ManualSystem();
        var gate = new TaskCompletionSource();
        var actor = system.Start(Props.Create(() => new Waiting(gate.Task, system.Notes)));

        var answer = actor.Ask<string>("who", TimeSpan.FromSeconds(1));
        system.Run();
        gate.SetResult();
        system.Run();

        Assert.Equal(actor.ToString(), system.ResultOf(answer));
    }

    [Fact]
    public void A_continuation_runs_in_the_actors_mailbox_whoever_completes_the_task()
    {
        using var system = new ManualSystem();
        var gate = new TaskCompletionSource();
        var actor = system.Start(Props.Create(() => new Waiting(gate.Task, system.Notes)));
        system.Tell(actor, "wait");

        gate.SetResult();
        Assert.Equal(["before"], system.Notes);

        system.Run();
        Assert.Equal(["before", "after"], system.Notes);
    }

    [Fact]
    public void An_exception_after_an_await_is_the_actors_failure_with_its_message()
    {
        using var system = new ManualSystem();
        var gate = new TaskCompletionSource();
        var actor = system.Start(Props.Create(() => new Waiting(gate.Task, system.Notes)));
        actor.Tell("fail", ActorRefs.NoSender);
        actor.Tell(1, ActorRefs.NoSender);
        system.Run();

        gate.SetResult();
        system.Run();

        Assert.Equal(["PreRestart(boom, fail)", "got 1"], system.Notes);
    }

    [Fact]
    public void A_stop_does_not_wait_for_a_handler()
    {
        using var system = new ManualSystem();
        var gate = new TaskCompletionSource();
        var actor = system.Start(Props.Create(() => new Waiting(gate.Task, system.Notes)));
        system.Tell(actor, "wait");

        ((IInternalActorRef)actor).Stop();
        system.Run();
        Assert.True(((IInternalActorRef)actor).IsTerminated);

        gate.SetResult();
        system.Run();
        Assert.Equal(["before"], system.Notes);
    }

    [Fact]
    public void A_restart_from_outside_lets_the_old_handler_end_before_the_new_instance_gets_a_message()
    {
        using var system = new ManualSystem();
        var gate = new TaskCompletionSource();
        var actor = system.Start(Props.Create(() => new Waiting(gate.Task, system.Notes)));
        system.Tell(actor, "wait");
        ((IInternalActorRef)actor).Suspend();
        ((IInternalActorRef)actor).Restart(new InvalidOperationException("other"));
        system.Tell(actor, 1);
        Assert.Equal(["before", "PreRestart(other, wait)"], system.Notes);

        gate.SetResult();
        system.Run();

        Assert.Equal(["before", "PreRestart(other, wait)", "after", "got 1"], system.Notes);
    }

    [Fact]
    public void A_piped_result_and_a_piped_failure_come_as_messages()
    {
        using var system = new ManualSystem();
        var actor = system.StartNoting("a");
        var result = new TaskCompletionSource<int>();
        var failure = new TaskCompletionSource<int>();
        _ = result.Task.PipeTo(actor, success: i => i + 1);
        _ = failure.Task.PipeTo(actor, failure: e => e.Message);

        result.SetResult(1);
        failure.SetException(new InvalidOperationException("no"));
        system.Run();

        Assert.Equal(["a got 2", "a got no"], system.Notes);
    }

    [Fact]
    public void A_pipe_inside_an_asynchronous_handler_outlives_its_actor()
    {
        using var system = new ManualSystem();
        var gate = new TaskCompletionSource();
        var target = system.StartNoting("target");
        var actor = system.Start(Props.Create(() => new Piping(gate.Task, target)));
        system.Tell(actor, "pipe");
        system.Tell(actor, PoisonPill.Instance);

        gate.SetResult();
        system.Run();

        Assert.Equal(["target got done"], system.Notes);
    }

    private sealed class Waiting : ReceiveActor
    {
        private readonly List<string> _notes;

        public Waiting(Task gate, List<string> notes)
        {
            _notes = notes;
            ReceiveAsync<string>(async text =>
            {
                if (text == "wait") notes.Add("before");
                await gate;
                if (text == "wait") notes.Add("after");
                if (text == "who") Sender.Tell(Self.ToString()!);
                if (text == "fail") throw new InvalidOperationException("boom");
            });
            ReceiveAny(message => notes.Add($"got {message}"));
        }

        protected override void PreRestart(Exception reason, object message) =>
            _notes.Add($"PreRestart({reason.Message}, {message})");
    }

    private sealed class Piping : ReceiveActor
    {
        public Piping(Task gate, IActorRef target) => ReceiveAsync<string>(async text =>
        {
            await Task.CompletedTask;
            _ = gate.PipeTo(target, success: static () => (object)"done");
        });
    }
}
