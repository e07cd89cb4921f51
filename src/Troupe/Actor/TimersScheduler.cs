using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Troupe.Platform;

namespace Akka.Actor;

/// <summary>The default scheduler, on the platform's timers. Repeated work keeps its phase: no drift.</summary>
internal sealed class TimersScheduler(Config scheduler, ILoggingAdapter log, Seams seams) : SchedulerBase(scheduler, log)
{
    public override TimeSpan MonotonicClock => seams.Clock.Monotonic;

    public override TimeSpan HighResMonotonicClock => seams.Clock.Monotonic;

    protected override DateTimeOffset TimeNow => seams.Clock.UtcNow;

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender,
        ICancelable? cancelable) => Start(new ScheduledTell(receiver, message, sender), delay, TimeSpan.Zero, cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef sender, ICancelable? cancelable) =>
        Start(new ScheduledTell(receiver, message, sender), initialDelay, interval, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Start(new ScheduledAction(action), delay, TimeSpan.Zero, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Start(new ScheduledAction(action.Run), delay, TimeSpan.Zero, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action,
        ICancelable? cancelable) =>
        Start(new ScheduledAction(action), initialDelay, interval, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action,
        ICancelable? cancelable) => Start(new ScheduledAction(action.Run), initialDelay, interval, cancelable);

    private void Start(ScheduledWork work, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
    {
        if (cancelable is { IsCancellationRequested: true }) return;
        work.Start(seams, Log, delay, interval, cancelable);
    }

    private abstract class ScheduledWork : ITimerHandle
    {
        private Seams _seams = null!;
        private ILoggingAdapter _log = null!;
        private TimeSpan _interval;
        private TimeSpan _due;
        private ICancelable? _cancelable;
        private ITimerHandle? _timer;
        private volatile bool _cancelled;

        public void Start(Seams seams, ILoggingAdapter log, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
        {
            _seams = seams;
            _log = log;
            _interval = interval;
            _cancelable = cancelable;
            _due = interval > TimeSpan.Zero ? seams.Clock.Monotonic + delay : TimeSpan.Zero;
            Arm(delay);
            if (cancelable is Cancelable ours) ours.Carry(this);
            else cancelable?.Token.UnsafeRegister(static self => ((ScheduledWork)self!).Cancel(), this);
        }

        public bool Cancel()
        {
            _cancelled = true;
            return _timer?.Cancel() ?? false;
        }

        protected abstract void Run();

        private void Arm(TimeSpan delay) =>
            _timer = _seams.Timers.Schedule(delay, static self => ((ScheduledWork)self!).Fire(), this);

        private void Fire()
        {
            if (_cancelled || _cancelable is { IsCancellationRequested: true }) return;
            try
            {
                Run();
            }
            catch (Exception e)
            {
                _log.Error(e, "Scheduled work failed: {0}", e.Message);
                return;
            }

            if (_interval <= TimeSpan.Zero) return;
            var now = _seams.Clock.Monotonic;
            _due += _interval;
            if (_due < now) _due = now;
            Arm(_due - now);
        }
    }

    private sealed class ScheduledTell(ICanTell receiver, object message, IActorRef sender) : ScheduledWork
    {
        protected override void Run() => receiver.Tell(message, sender);
    }

    private sealed class ScheduledAction(Action action) : ScheduledWork
    {
        protected override void Run() => action();
    }
}
