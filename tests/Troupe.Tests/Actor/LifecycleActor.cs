using Akka.Actor;

namespace Troupe.Tests.Actor;

/// <summary>Notes its life, fails on request and starts children on request.</summary>
internal sealed class LifecycleActor : ReceiveActor
{
    private readonly string _name;
    private readonly Options _options;

    public LifecycleActor(string name, Options options)
    {
        (_name, _options) = (name, options);
        Note("constructor");
        if (options.ConstructorFailures-- > 0) throw new InvalidOperationException("constructor");
        Receive<Exception>(e => throw e);
        Receive<StartChild>(start =>
            Sender.Tell(Context.ActorOf(Props.Create(() => new LifecycleActor(start.Name, start.Options)), start.Name)));
        Receive<string>(text => text == "stop", _ => Context.Stop(Self));
        ReceiveAny(message => Note($"got {message}"));
    }

    protected override void PreStart()
    {
        Note("PreStart");
        if (_options.PreStartFailures-- > 0) throw new InvalidOperationException("PreStart");
    }

    protected override void PreRestart(Exception reason, object message)
    {
        Note($"PreRestart({reason.Message}, {message?.GetType().Name ?? "null"})");
        if (_options.FailInPreRestart) throw new InvalidOperationException("PreRestart");
        if (_options.KeepChildren) PostStop();
        else base.PreRestart(reason, message!);
    }

    protected override void PostRestart(Exception reason)
    {
        Note($"PostRestart({reason.Message})");
        if (_options.PostRestartFailures-- > 0) throw new InvalidOperationException("PostRestart");
        base.PostRestart(reason);
    }

    protected override void PostStop()
    {
        Note("PostStop");
        if (_options.FailInPostStop) throw new InvalidOperationException("PostStop");
    }

    protected override SupervisorStrategy SupervisorStrategy() => _options.Strategy ?? base.SupervisorStrategy();

    private void Note(string what) => _options.Notes.Add($"{_name} {what}");

    internal sealed record StartChild(string Name, Options Options);

    internal sealed class Options(List<string> notes)
    {
        public List<string> Notes { get; } = notes;

        public int ConstructorFailures { get; set; }

        public int PreStartFailures { get; set; }

        public int PostRestartFailures { get; set; }

        public bool FailInPreRestart { get; init; }

        public bool FailInPostStop { get; init; }

        public bool KeepChildren { get; init; }

        public SupervisorStrategy? Strategy { get; init; }
    }
}
