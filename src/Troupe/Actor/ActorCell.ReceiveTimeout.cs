using Troupe.Platform;

namespace Akka.Actor;

/// <summary>
/// The receive time-out. The timer is not moved at each message: it looks, when it fires, at when the last message was handled,
/// and goes to sleep for the rest.
/// </summary>
internal partial class ActorCell
{
    private ReceiveTimeoutTimer? _receiveTimeout;

    public TimeSpan? ReceiveTimeout => _receiveTimeout?.Timeout;

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is { } wanted && wanted <= TimeSpan.Zero && wanted != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A receive time-out must be longer than nothing.");
        _receiveTimeout?.Cancel();
        _receiveTimeout = timeout is { } some && some != Timeout.InfiniteTimeSpan ? new ReceiveTimeoutTimer(this, some) : null;
    }

    private void NoteActivity() => _receiveTimeout?.NoteActivity();

    private void CancelReceiveTimeout()
    {
        _receiveTimeout?.Cancel();
        _receiveTimeout = null;
    }

    private sealed class ReceiveTimeoutTimer
    {
        private readonly ActorCell _cell;
        private long _lastActivity;
        private ITimerHandle? _timer;
        private int _armed;
        private volatile bool _cancelled;

        public ReceiveTimeoutTimer(ActorCell cell, TimeSpan timeout)
        {
            _cell = cell;
            Timeout = timeout;
            NoteActivity();
        }

        public TimeSpan Timeout { get; }

        private Seams Seams => _cell.SystemImpl.Seams;

        public void NoteActivity()
        {
            Volatile.Write(ref _lastActivity, Seams.Clock.Monotonic.Ticks);
            if (Interlocked.Exchange(ref _armed, 1) == 0) Arm(Timeout);
        }

        public void Cancel()
        {
            _cancelled = true;
            _timer?.Cancel();
        }

        private void Arm(TimeSpan delay) =>
            _timer = Seams.Timers.Schedule(delay, static self => ((ReceiveTimeoutTimer)self!).Fire(), this);

        private void Fire()
        {
            if (_cancelled) return;
            var left = Timeout - (Seams.Clock.Monotonic - TimeSpan.FromTicks(Volatile.Read(ref _lastActivity)));
            if (left > TimeSpan.Zero)
            {
                Arm(left);
                return;
            }

            Volatile.Write(ref _armed, 0);
            _cell._self.Tell(Akka.Actor.ReceiveTimeout.Instance, _cell._self);
        }
    }
}
