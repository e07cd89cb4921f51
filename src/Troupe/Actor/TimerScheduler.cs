using Troupe.Platform;

namespace Akka.Actor;

/// <summary>
/// The timers of one instance of an actor. Owner: its cell, which lets their messages pass by <see cref="TryTake"/>.
/// </summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, ScheduledTimer> _timers = [];

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
        Start(key, msg, interval, interval, cell.Self);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, msg, initialDelay, interval, cell.Self);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, cell.Self);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) =>
        Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer)) timer.Cancel();
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values) timer.Cancel();
        _timers.Clear();
    }

    /// <summary>A timer's message came up: is it still wanted?</summary>
    public bool TryTake(ScheduledTimer timer)
    {
        if (!_timers.TryGetValue(timer.Key, out var current) || current != timer) return false;
        if (timer.Interval is null) _timers.Remove(timer.Key);
        return true;
    }

    private void Start(object key, object msg, TimeSpan delay, TimeSpan? interval, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(msg);
        if (interval is { } period && period <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(interval), interval,
                "A periodic timer's interval must be longer than nothing.");
        Cancel(key);
        var timer = new ScheduledTimer(cell, key, msg, interval, sender);
        _timers[key] = timer;
        timer.Start(delay < TimeSpan.Zero ? TimeSpan.Zero : delay);
    }
}

/// <summary>
/// One timer, and the message that it sends to its actor. Periodic ones keep their phase: the next is due one interval after the
/// last was due, not after it was handled.
/// </summary>
internal sealed class ScheduledTimer(ActorCell cell, object key, object message, TimeSpan? interval, IActorRef? sender)
    : INoSerializationVerificationNeeded, Event.IDeadLetterSuppression, IWrappedMessage
{
    private ITimerHandle? _handle;
    private TimeSpan _due;
    private volatile bool _cancelled;

    public object Key => key;

    public object Message => message;

    public TimeSpan? Interval => interval;

    public IActorRef? Sender => sender;

    private Seams Seams => cell.SystemImpl.Seams;

    public void Start(TimeSpan delay)
    {
        _due = Seams.Clock.Monotonic + delay;
        Arm(delay);
    }

    public void Cancel()
    {
        _cancelled = true;
        _handle?.Cancel();
    }

    private void Arm(TimeSpan delay) =>
        _handle = Seams.Timers.Schedule(delay, static self => ((ScheduledTimer)self!).Fire(), this);

    private void Fire()
    {
        if (_cancelled) return;
        cell.Self.Tell(this, sender);
        if (interval is not { } period) return;
        var now = Seams.Clock.Monotonic;
        _due += period;
        if (_due < now) _due = now;
        Arm(_due - now);
    }
}
