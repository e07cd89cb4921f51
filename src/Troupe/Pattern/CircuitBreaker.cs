using Akka.Actor;

namespace Akka.Pattern;

/// <summary>
/// Stops calling something that keeps failing. Closed: calls pass, and <see cref="MaxFailures"/> failures in a row open it. Open: calls
/// are refused until the reset time is over. Half open: one call passes; it closes the breaker, or opens it again.
/// <para>Thread rule: any thread. Callbacks run on the thread that caused the change, after it.</para>
/// Invariants:
/// <list type="number">
/// <item>State, count and attempt number change together, under the lock; bodies and callbacks run outside of it.</item>
/// <item>An outcome counts for the state in which the breaker is when it comes, whenever its call began.</item>
/// <item>While half open, at most one call is under way.</item>
/// </list>
/// </summary>
public class CircuitBreaker
{
    private readonly Lock _lock = new();
    private readonly List<Action> _onOpen = [];
    private readonly List<Action> _onHalfOpen = [];
    private readonly List<Action> _onClose = [];
    private State _state = State.Closed;
    private bool _attemptUnderWay;
    private int _failures;
    private TimeSpan _currentResetTimeout;
    private TimeSpan _openUntil;
    private Exception? _lastFailure;

    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout)
        : this(scheduler, maxFailures, callTimeout, resetTimeout, TimeSpan.FromDays(36500), 1.0)
    {
    }

    /// <param name="scheduler">Whose time counts.</param>
    /// <param name="maxFailures">Failures in a row that open it, 1 or more.</param>
    /// <param name="callTimeout">A call that takes longer has failed.</param>
    /// <param name="resetTimeout">How long it stays open the first time.</param>
    /// <param name="maxResetTimeout">How long it stays open at the longest.</param>
    /// <param name="exponentialBackoffFactor">How much longer each time in a row, 1 or more.</param>
    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout, TimeSpan maxResetTimeout,
        double exponentialBackoffFactor)
    {
        if (exponentialBackoffFactor < 1)
        {
            throw new ArgumentException("The backoff factor must be 1 or more: the pause grows.", nameof(exponentialBackoffFactor));
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFailures, 1);
        Scheduler = scheduler;
        MaxFailures = maxFailures;
        CallTimeout = callTimeout;
        ResetTimeout = resetTimeout;
        MaxResetTimeout = maxResetTimeout;
        ExponentialBackoffFactor = exponentialBackoffFactor;
        _currentResetTimeout = resetTimeout;
    }

    private enum State
    {
        Closed,
        Open,
        HalfOpen,
    }

    public IScheduler Scheduler { get; }

    public int MaxFailures { get; }

    public TimeSpan CallTimeout { get; }

    public TimeSpan ResetTimeout { get; }

    public TimeSpan MaxResetTimeout { get; }

    public double ExponentialBackoffFactor { get; }

    public bool IsClosed => Current == State.Closed;

    public bool IsOpen => Current == State.Open;

    public bool IsHalfOpen => Current == State.HalfOpen;

    /// <summary>Failures in a row.</summary>
    public long CurrentFailureCount
    {
        get
        {
            lock (_lock)
            {
                return _failures;
            }
        }
    }

    public Exception? LastCaughtException
    {
        get
        {
            lock (_lock)
            {
                return _lastFailure;
            }
        }
    }

    private State Current
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    public static CircuitBreaker Create(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout) =>
        new(scheduler, maxFailures, callTimeout, resetTimeout);

    /// <exception cref="OpenCircuitException">The call was not made (from the task).</exception>
    /// <exception cref="TimeoutException">The call took too long; its outcome is ignored (from the task).</exception>
    public async Task<T> WithCircuitBreaker<T>(Func<Task<T>> body)
    {
        Enter();
        try
        {
            var result = await InTime(body());
            CallSucceeded();
            return result;
        }
        catch (Exception e)
        {
            CallFailed(e);
            throw;
        }
    }

    public Task<T> WithCircuitBreaker<T, TState>(TState state, Func<TState, Task<T>> body) => WithCircuitBreaker(() => body(state));

    public Task WithCircuitBreaker(Func<Task> body) => WithCircuitBreaker(async () =>
    {
        await body();
        return true;
    });

    public Task WithCircuitBreaker<TState>(TState state, Func<TState, Task> body) => WithCircuitBreaker(() => body(state));

    public void WithSyncCircuitBreaker(Action body) => WithSyncCircuitBreaker(() =>
    {
        body();
        return true;
    });

    public T WithSyncCircuitBreaker<T>(Func<T> body)
    {
        Enter();
        var start = Scheduler.MonotonicClock;
        try
        {
            var result = body();
            if (Scheduler.MonotonicClock - start > CallTimeout)
            {
                throw TookTooLong();
            }
            CallSucceeded();
            return result;
        }
        catch (Exception e)
        {
            CallFailed(e);
            throw;
        }
    }

    /// <summary>Counts a success of a call that was made elsewhere.</summary>
    public void Succeed() => CallSucceeded();

    /// <summary>Counts a failure of a call that was made elsewhere.</summary>
    public void Fail() => CallFailed(new UserCalledFailException());

    public CircuitBreaker OnOpen(Action callback) => Added(_onOpen, callback);

    public CircuitBreaker OnHalfOpen(Action callback) => Added(_onHalfOpen, callback);

    public CircuitBreaker OnClose(Action callback) => Added(_onClose, callback);

    /// <summary>The same with pauses that double, up to <paramref name="maxResetTimeout"/>. Callbacks are not taken over.</summary>
    public CircuitBreaker WithExponentialBackoff(TimeSpan maxResetTimeout) =>
        new(Scheduler, MaxFailures, CallTimeout, ResetTimeout, maxResetTimeout, 2.0);

    private void Enter()
    {
        lock (_lock)
        {
            if (_state == State.Open)
            {
                var left = _openUntil - Scheduler.MonotonicClock;
                throw new OpenCircuitException(_lastFailure, left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
            if (_state == State.HalfOpen)
            {
                if (_attemptUnderWay)
                {
                    throw new OpenCircuitException(_lastFailure, TimeSpan.Zero);
                }
                _attemptUnderWay = true;
            }
        }
    }

    private void CallSucceeded()
    {
        Action[] callbacks = [];
        lock (_lock)
        {
            switch (_state)
            {
                case State.Closed:
                    _failures = 0;
                    break;
                case State.HalfOpen:
                    callbacks = ChangeTo(State.Closed, _onClose);
                    _failures = 0;
                    _currentResetTimeout = ResetTimeout;
                    break;
                default:
                    // A call that began before it opened: it says nothing about now.
                    break;
            }
        }
        Invoke(callbacks);
    }

    private void CallFailed(Exception cause)
    {
        Action[] callbacks = [];
        lock (_lock)
        {
            _lastFailure = cause;
            switch (_state)
            {
                case State.Closed when ++_failures >= MaxFailures:
                    callbacks = Open();
                    break;
                case State.HalfOpen:
                    var longer = _currentResetTimeout * ExponentialBackoffFactor;
                    _currentResetTimeout = longer < MaxResetTimeout ? longer : MaxResetTimeout;
                    callbacks = Open();
                    break;
            }
        }
        Invoke(callbacks);
    }

    private Action[] Open()
    {
        var callbacks = ChangeTo(State.Open, _onOpen);
        _openUntil = Scheduler.MonotonicClock + _currentResetTimeout;
        Scheduler.Advanced.ScheduleOnce(_currentResetTimeout, AttemptReset);
        return callbacks;
    }

    private void AttemptReset()
    {
        Action[] callbacks;
        lock (_lock)
        {
            if (_state != State.Open)
            {
                return;
            }
            callbacks = ChangeTo(State.HalfOpen, _onHalfOpen);
        }
        Invoke(callbacks);
    }

    private Action[] ChangeTo(State state, List<Action> callbacks)
    {
        _state = state;
        _attemptUnderWay = false;
        return [.. callbacks];
    }

    private CircuitBreaker Added(List<Action> callbacks, Action callback)
    {
        lock (_lock)
        {
            callbacks.Add(callback);
        }
        return this;
    }

    private static void Invoke(Action[] callbacks)
    {
        foreach (var callback in callbacks)
        {
            callback();
        }
    }

    private Task<T> InTime<T>(Task<T> call)
    {
        if (call.IsCompleted || CallTimeout <= TimeSpan.Zero || CallTimeout == Timeout.InfiniteTimeSpan)
        {
            return call;
        }
        var outcome = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = new Cancelable(Scheduler.Advanced);
        Scheduler.Advanced.ScheduleOnce(CallTimeout, () => outcome.TrySetException(TookTooLong()), timer);
        call.ContinueWith(
            done =>
            {
                timer.Cancel(false);
                if (done.IsCanceled)
                {
                    outcome.TrySetCanceled();
                }
                else if (done.Exception is { } failure)
                {
                    outcome.TrySetException(failure.InnerExceptions);
                }
                else
                {
                    outcome.TrySetResult(done.Result);
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return outcome.Task;
    }

    private TimeoutException TookTooLong() => new($"The call took longer than {CallTimeout}.");
}
