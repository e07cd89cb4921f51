using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose time stands still until the test moves it: <c>((TestScheduler)Sys.Scheduler).Advance(...)</c>.
/// Set by <see cref="Configs.TestConfigs.TestSchedulerConfig"/>.
/// <para>Thread rule: any thread schedules; what falls due runs on the thread that advances.</para>
/// Invariants:
/// <list type="number">
/// <item>Items run in order of their time, items of one time in the order in which they were scheduled.</item>
/// <item>While an item runs, <see cref="Now"/> is that item's time; what it schedules within the step runs within the step.</item>
/// </list>
/// </summary>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private static readonly DateTimeOffset Start = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Item, (DateTimeOffset Due, long Number)> _items = new();
    private DateTimeOffset _now = Start;
    private long _number;

    public TestScheduler(Config schedulerConfig, ILoggingAdapter log)
    {
    }

    public DateTimeOffset Now => TimeNow;

    public TimeSpan MonotonicClock => TimeNow - Start;

    public TimeSpan HighResMonotonicClock => TimeNow - Start;

    public IAdvancedScheduler Advanced => this;

    protected DateTimeOffset TimeNow
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    /// <summary>Moves time on, running on the way what falls due.</summary>
    public void Advance(TimeSpan offset) => AdvanceTo(TimeNow + offset);

    public void AdvanceTo(DateTimeOffset when)
    {
        if (when < TimeNow)
        {
            throw new InvalidOperationException($"Time does not go back: it is {TimeNow:O}, not after {when:O}.");
        }
        while (NextDue(when) is { } item)
        {
            item.Run();
            if (item.Interval is { } interval && item.Cancelable?.IsCancellationRequested != true)
            {
                Add(TimeNow + interval, item);
            }
        }
        lock (_lock)
        {
            _now = when;
        }
    }

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Schedule(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender,
        ICancelable? cancelable) =>
        Schedule(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Schedule(delay, null, action, cancelable);

    public void ScheduleOnce(TimeSpan delay, IRunnable action) => ScheduleOnce(delay, action, null);

    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) => Schedule(delay, null, action.Run, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Schedule(initialDelay, interval, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Schedule(initialDelay, interval, action.Run, cancelable);

    private void Schedule(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (interval is { } period)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero, nameof(interval));
        }
        Add(TimeNow + delay, new Item(action, interval, cancelable));
    }

    private void Add(DateTimeOffset due, Item item)
    {
        lock (_lock)
        {
            _items.Enqueue(item, (due, _number++));
        }
    }

    private Item? NextDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            if (!_items.TryPeek(out var item, out var key) || key.Due > until)
            {
                return null;
            }
            _items.Dequeue();
            _now = key.Due > _now ? key.Due : _now;
            return item;
        }
    }

    private sealed record Item(Action Action, TimeSpan? Interval, ICancelable? Cancelable)
    {
        public void Run()
        {
            if (Cancelable?.IsCancellationRequested != true)
            {
                Action();
            }
        }
    }
}
