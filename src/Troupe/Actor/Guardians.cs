using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Asks a guardian to stop one of its children.</summary>
internal sealed class StopChild(IActorRef child)
{
    public IActorRef Child { get; } = child;

    public override string ToString() => $"<StopChild> {Child}";
}

/// <summary>A system actor asks to be told before the system's own actors stop.</summary>
internal sealed class RegisterTerminationHook
{
    public static RegisterTerminationHook Instance { get; } = new();
}

/// <summary>The user's actors have stopped: finish, and answer <see cref="TerminationHookDone"/>.</summary>
internal sealed class TerminationHook
{
    public static TerminationHook Instance { get; } = new();
}

internal sealed class TerminationHookDone
{
    public static TerminationHookDone Instance { get; } = new();
}

/// <summary>/: the parent of /user and /system; stops when /system has.</summary>
internal sealed class RootGuardianActor : ActorBase
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated:
                Context.Stop(Self);
                return true;
            case StopChild stop:
                Context.Stop(stop.Child);
                return true;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                return true;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    protected override void PreRestart(Exception reason, object message)
    {
    }
}

/// <summary>/user: the parent of what ActorSystem.ActorOf starts.</summary>
internal sealed class GuardianActor(SupervisorStrategy strategy) : ActorBase
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case StopChild stop:
                Context.Stop(stop.Child);
                return true;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                return true;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => strategy;

    protected override void PreRestart(Exception reason, object message)
    {
    }
}

/// <summary>
/// /system: the parent of the runtime's own actors. When /user has stopped it asks those that want to finish something, waits for
/// them, and stops.
/// </summary>
internal sealed class SystemGuardianActor(IActorRef userGuardian) : ActorBase
{
    private readonly OrderedRefs<bool> _hooks = new();
    private bool _terminating;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(userGuardian):
                _terminating = true;
                foreach (var hook in _hooks.Refs()) hook.Tell(TerminationHook.Instance, Self);
                StopWhenDone();
                return true;
            case Terminated terminated:
                Done(terminated.ActorRef);
                return true;
            case TerminationHookDone:
                Done(Sender);
                return true;
            case RegisterTerminationHook when !_terminating:
                _hooks.Add(Sender, true);
                Context.Watch(Sender);
                return true;
            case StopChild stop:
                Context.Stop(stop.Child);
                return true;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                return true;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static cause => cause switch
    {
        ActorInitializationException or ActorKilledException or DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    });

    protected override void PreRestart(Exception reason, object message)
    {
    }

    private void Done(IActorRef hook)
    {
        _hooks.Remove(hook);
        StopWhenDone();
    }

    private void StopWhenDone()
    {
        if (!_terminating || _hooks.Count > 0) return;
        ((ActorSystemImpl)Context.System).EventStream.StopLoggers();
        Context.Stop(Self);
    }
}
