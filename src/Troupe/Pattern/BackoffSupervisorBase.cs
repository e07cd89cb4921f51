using Akka.Actor;

namespace Akka.Pattern;

/// <summary>
/// What the two backoff supervisors have in common: one child, messages passed on to it, pauses that grow.
/// Invariants:
/// <list type="number">
/// <item>There is at most one child, and at most one start scheduled; never both.</item>
/// <item>A message is passed on, or answered with the fixed reply, or a dead letter.</item>
/// </list>
/// </summary>
public abstract class BackoffSupervisorBase : ActorBase
{
    private const int CountAtWhichDoublingEnds = 30;

    private readonly BackoffOptionsData _options;

    internal BackoffSupervisorBase(BackoffOptionsData options) => _options = options;

    protected IActorRef? Child { get; set; }

    protected Props ChildProps => _options.ChildProps;

    protected string ChildName => _options.ChildName;

    protected IBackoffReset Reset => _options.Reset;

    protected object? ReplyWhileStopped => _options.ReplyWhileStopped;

    protected Func<object, bool>? FinalStopMessage => _options.FinalStopMessage;

    protected bool FinalStopMessageReceived { get; set; }

    /// <summary>Starts since the count was last forgotten, the first not counted.</summary>
    protected int RestartCountN { get; set; }

    private protected OneForOneStrategy Strategy => _options.Strategy;

    protected override void PreStart() => StartTheChild();

    /// <summary>The messages that both supervisors understand; everything else is the child's.</summary>
    protected bool HandleBackoff(object message)
    {
        switch (message)
        {
            case BackoffSupervisor.StartChild:
                StartTheChild();
                if (Reset is AutoReset { After: var after })
                {
                    Context.System.Scheduler.ScheduleTellOnce(after, Self, new BackoffSupervisor.ResetRestartCount(RestartCountN), Self);
                }
                return true;
            case BackoffSupervisor.ResetRestartCount reset:
                RestartCountN = reset.Current == RestartCountN ? 0 : RestartCountN;
                return true;
            case BackoffSupervisor.Reset when Reset is ManualReset:
                RestartCountN = 0;
                return true;
            case BackoffSupervisor.GetRestartCount:
                Sender.Tell(new BackoffSupervisor.RestartCount(RestartCountN), Self);
                return true;
            case BackoffSupervisor.GetCurrentChild:
                Sender.Tell(new BackoffSupervisor.CurrentChild(Child), Self);
                return true;
            case BackoffSupervisor.Reset:
                return false;
            default:
                PassOn(message);
                return true;
        }
    }

    /// <summary>Starts the child again after the pause that is due; stops the supervisor when the retries are used up.</summary>
    private protected void StartLater()
    {
        if (Strategy.MaxNumberOfRetries >= 0 && RestartCountN >= Strategy.MaxNumberOfRetries)
        {
            Context.Stop(Self);
            return;
        }
        Context.System.Scheduler.ScheduleTellOnce(NextPause(), Self, BackoffSupervisor.StartChild.Instance, Self);
        RestartCountN++;
    }

    private TimeSpan NextPause()
    {
        var pause = RestartCountN >= CountAtWhichDoublingEnds
            ? _options.MaxBackoff
            : TimeSpan.FromTicks((long)Math.Min(_options.MaxBackoff.Ticks, _options.MinBackoff.Ticks * Math.Pow(2, RestartCountN)));
        const int steps = 1 << 20;
        var random = (double)((ActorSystemImpl)Context.System).Seams.Entropy.Next(steps) / steps;
        return pause * (1 + (random * _options.RandomFactor));
    }

    private void StartTheChild() => Child ??= Context.Watch(Context.ActorOf(ChildProps, ChildName));

    private void PassOn(object message)
    {
        if (Child is { } child)
        {
            if (Sender.Equals(child))
            {
                Context.Parent.Forward(message);
                return;
            }
            child.Forward(message);
            FinalStopMessageReceived |= FinalStopMessage?.Invoke(message) == true;
            return;
        }
        if (ReplyWhileStopped is { } reply)
        {
            Sender.Tell(reply, Self);
        }
        else
        {
            Context.System.DeadLetters.Forward(message);
        }
        if (FinalStopMessage?.Invoke(message) == true)
        {
            Context.Stop(Self);
        }
    }
}
