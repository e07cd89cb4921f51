using System.Net;
using Akka.Configuration;
using Troupe.Platform;

namespace Troupe.Tests.Actor;

/// <summary>
/// The outside of an actor system in the hands of a test: work waits until <see cref="Run"/>, time stands until <see
/// cref="Advance"/>. One thread, no sockets.
/// </summary>
internal sealed class ManualSeams : Seams, IClock, IEntropy, ITimers, IExecutor
{
    private readonly Queue<IThreadPoolWorkItem> _work = new();
    private readonly PriorityQueue<Timer, (TimeSpan Due, long Order)> _timers = new();
    private long _random = 1;
    private long _order;

    public override IClock Clock => this;

    public override IEntropy Entropy => this;

    public override ITimers Timers => this;

    public override INetwork Network => throw new NotSupportedException("These tests use no network.");

    public override bool RunsContinuationsInline => true;

    public TimeSpan Monotonic { get; private set; } = TimeSpan.FromHours(1);

    public DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch + Monotonic;

    public int ActiveTimers => _timers.UnorderedItems.Count(t => !t.Element.IsOver);

    public bool IsShutDown { get; private set; }

    public override IExecutor CreateExecutor(string dispatcherId, Config dispatcherConfig) => this;

    public long NextInt64() => _random = (_random * 6364136223846793005) + 1442695040888963407;

    public int Next(int exclusiveMax) => (int)((ulong)NextInt64() % (uint)exclusiveMax);

    public void Execute(IThreadPoolWorkItem item) => _work.Enqueue(item);

    public ITimerHandle Schedule(TimeSpan delay, Action<object?> callback, object? state)
    {
        var timer = new Timer(callback, state);
        _timers.Enqueue(timer, (Monotonic + delay, _order++));
        return timer;
    }

    /// <summary>Runs all work, and what comes of it.</summary>
    public void Run()
    {
        while (_work.TryDequeue(out var item)) item.Execute();
    }

    /// <summary>Runs one piece of work; false when there is none.</summary>
    public bool RunOne()
    {
        if (!_work.TryDequeue(out var item)) return false;
        item.Execute();
        return true;
    }

    public void Advance(TimeSpan time)
    {
        var end = Monotonic + time;
        Run();
        while (_timers.TryPeek(out var timer, out var key) && key.Due <= end)
        {
            _timers.Dequeue();
            if (key.Due > Monotonic) Monotonic = key.Due;
            timer.Fire();
            Run();
        }

        Monotonic = end;
    }

    public override void Shutdown() => IsShutDown = true;

    void IExecutor.Shutdown()
    {
    }

    private sealed class Timer(Action<object?> callback, object? state) : ITimerHandle
    {
        public bool IsOver { get; private set; }

        public bool Cancel()
        {
            if (IsOver) return false;
            return IsOver = true;
        }

        public void Fire()
        {
            if (Cancel()) callback(state);
        }
    }
}
