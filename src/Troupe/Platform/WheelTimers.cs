namespace Troupe.Platform;

/// <summary>
/// Timers on one background thread over a <see cref="TimerWheel"/>. The thread starts with the first timer and sleeps until
/// the next tick at which something is due: an idle wheel costs nothing.
/// <para>Thread rule: Schedule and Cancel from any thread; callbacks run on the wheel's thread, outside the lock.</para>
/// Invariants:
/// <list type="number">
/// <item>A callback runs at most once, and never after a Cancel that returned true.</item>
/// <item>Order is that of due ticks; inside one tick, that of the calls to Schedule.</item>
/// </list>
/// </summary>
internal sealed class WheelTimers(IClock clock, TimeSpan tick) : ITimers
{
    private readonly object _gate = new();
    private readonly TimerWheel _wheel = new();
    private readonly long _tickTicks = Math.Max(TimeSpan.TicksPerMillisecond, tick.Ticks);
    private long _wakeTick = long.MaxValue;
    private bool _started;
    private bool _shutdown;

    public ITimerHandle Schedule(TimeSpan delay, Action<object?> callback, object? state)
    {
        var handle = new Handle(this, callback, state);
        var due = clock.Monotonic.Ticks + Math.Max(0, delay.Ticks);
        var dueTick = due < 0 ? long.MaxValue / 2 : (due + _tickTicks - 1) / _tickTicks;
        lock (_gate)
        {
            if (_shutdown)
                return handle;
            _wheel.Add(handle, dueTick);
            if (!_started)
                Start();
            else if (handle.DueTick < _wakeTick)
                Monitor.Pulse(_gate);
        }
        return handle;
    }

    /// <summary>Drops all timers and ends the thread; callbacks never run after this returns, except one that runs now.</summary>
    internal void Shutdown()
    {
        lock (_gate)
        {
            _shutdown = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Start()
    {
        _started = true;
        new Thread(Turn) { IsBackground = true, Name = "timers" }.Start();
    }

    private void Turn()
    {
        var due = new List<TimerWheel.Entry>();
        while (WaitForDue(due))
        {
            foreach (var entry in due)
                ((Handle)entry).Fire();
            due.Clear();
        }
    }

    private bool WaitForDue(List<TimerWheel.Entry> due)
    {
        lock (_gate)
        {
            while (!_shutdown)
            {
                var now = clock.Monotonic.Ticks;
                _wheel.Advance(now / _tickTicks, due);
                if (due.Count > 0)
                {
                    _wakeTick = long.MinValue;
                    return true;
                }
                _wakeTick = _wheel.NextTick();
                if (_wakeTick == long.MaxValue)
                    Monitor.Wait(_gate);
                else
                    Monitor.Wait(_gate, MillisecondsUntil(_wakeTick, now));
            }
            return false;
        }
    }

    private int MillisecondsUntil(long wakeTick, long now) =>
        (int)Math.Clamp(
            (wakeTick * _tickTicks - now + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond, 1, 60_000);

    private sealed class Handle(WheelTimers owner, Action<object?> callback, object? state) : TimerWheel.Entry, ITimerHandle
    {
        private const int Pending = 0;
        private const int Fired = 1;
        private const int Cancelled = 2;

        private int _state;

        public bool Cancel()
        {
            if (Interlocked.CompareExchange(ref _state, Cancelled, Pending) != Pending)
                return false;
            lock (owner._gate)
                owner._wheel.Remove(this);
            return true;
        }

        internal void Fire()
        {
            if (Interlocked.CompareExchange(ref _state, Fired, Pending) == Pending)
                callback(state);
        }
    }
}
