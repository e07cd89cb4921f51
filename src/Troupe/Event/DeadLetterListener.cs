using Akka.Actor;

namespace Akka.Event;

/// <summary>
/// Logs dead letters: as many as `akka.log-dead-letters` says, then none for `akka.log-dead-letters-suspend-duration`, then one
/// that says how many were not logged, and on.
/// </summary>
public class DeadLetterListener : ActorBase
{
    private readonly EventStream _stream = Context.System.EventStream;
    private readonly int _most = Context.System.Settings.LogDeadLetters;
    private readonly TimeSpan _pause = Context.System.Settings.LogDeadLettersSuspendDuration;
    private readonly bool _duringShutdown = Context.System.Settings.LogDeadLettersDuringShutdown;
    private int _count;
    private TimeSpan? _silentUntil;

    internal static void Start(ActorSystemImpl system)
    {
        if (system.Settings.LogDeadLetters > 0)
            system.SystemActorOf(Props.Create<DeadLetterListener>()
                .WithDispatcher(Dispatch.Dispatchers.InternalDispatcherId), "deadLetterListener");
    }

    protected override void PreStart()
    {
        _stream.Subscribe(Self, typeof(DeadLetter));
        _stream.Subscribe(Self, typeof(Dropped));
    }

    protected override void PostRestart(Exception reason)
    {
    }

    protected override void PreRestart(Exception reason, object message)
    {
    }

    protected override void PostStop() => _stream.Unsubscribe(Self);

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters letter || letter.Message is IDeadLetterSuppression) return true;
        if (!_duringShutdown && ((ActorSystemImpl)Context.System).IsTerminating) return true;
        if (_count < int.MaxValue) _count++;
        if (_silentUntil is { } until && Now < until) return true;
        if (_silentUntil is not null)
        {
            Log(letter, "");
            _silentUntil = null;
            _count = 0;
        }
        else if (_count < _most || _most == int.MaxValue)
        {
            Log(letter, "");
        }
        else
        {
            var pausing = _pause != Timeout.InfiniteTimeSpan;
            _silentUntil = pausing ? Now + _pause : TimeSpan.MaxValue;
            Log(letter, pausing ? $", no more dead letters will be logged in next [{_pause}]"
                : ", no more dead letters will be logged");
        }

        return true;
    }

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private void Log(AllDeadLetters letter, string pause)
    {
        var wrapped = letter.Message is IWrappedMessage ? $" wrapped in [{letter.Message.GetType()}]" : "";
        var type = WrappedMessage.Unwrap(letter.Message).GetType().Name;
        var from = letter.Sender.IsNobody() ? "from NoSender" : $"from {letter.Sender}";
        var reason = letter is Dropped dropped ? $" was dropped. {dropped.Reason}." : " was not delivered.";
        _stream.Publish(new Info(letter.Recipient.Path.ToString(), letter.Recipient.GetType(),
            $"Message [{type}]{wrapped} {from} to {letter.Recipient}{reason} [{_count}] dead letters encountered{pause}. "
            + $"If this is not an expected behavior then {letter.Recipient} may have terminated unexpectedly. "
            + "This logging can be turned off or adjusted with configuration settings 'akka.log-dead-letters' and "
            + $"'akka.log-dead-letters-during-shutdown'. Message content: {letter.Message}"));
    }
}
