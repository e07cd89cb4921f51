using Akka.Configuration;
using Akka.Dispatch;
using Troupe.Platform;

namespace Troupe.Simulation;

/// <summary>
/// The seams of one actor system inside a simulation: virtual time, seeded randomness, an in-memory network, and executors that
/// queue their work as steps. Calls from any thread but the simulation's are recorded and fail the run.
/// </summary>
internal sealed class SimulatedSeams : Seams, IClock, IEntropy, ITimers, IMessageObserver
{
    private readonly World _world;
    private readonly SimulatedProcess _process;
    private readonly SimulatedNodeNetwork _network;

    /// <summary>The system was shut down or its node crashed: calls change nothing any more.</summary>
    private bool _isShutdown;

    public SimulatedSeams(World world, SimulatedProcess process)
    {
        _world = world;
        _process = process;
        _network = new SimulatedNodeNetwork(world, process);
    }

    public override IClock Clock => this;

    public override IEntropy Entropy => this;

    public override ITimers Timers => this;

    public override INetwork Network => _network;

    public override bool RunsContinuationsInline => true;

    TimeSpan IClock.Monotonic
    {
        get
        {
            _world.IsForeign("a read of the clock");
            return _process.Node.ToLocal(_world.Now);
        }
    }

    DateTimeOffset IClock.UtcNow
    {
        get
        {
            _world.IsForeign("a read of the clock");
            return World.Epoch + _process.Node.ClockOffset + _process.Node.ToLocal(_world.Now);
        }
    }

    internal override IMessageObserver Observer => this;

    private bool IsActive => !_isShutdown && !_process.IsDead;

    public override IExecutor CreateExecutor(string dispatcherId, Config dispatcherConfig) => new Executor(this, dispatcherId);

    public override void Shutdown()
    {
        if (_world.IsForeign("the end of an actor system") || _isShutdown) return;
        _isShutdown = true;
        _network.Shutdown();
    }

    long IEntropy.NextInt64() => _world.IsForeign("a random number") ? 0 : (long)_process.Entropy.NextUInt64();

    int IEntropy.Next(int exclusiveMax) => _world.IsForeign("a random number") ? 0 : _process.Entropy.Next(exclusiveMax);

    ITimerHandle ITimers.Schedule(TimeSpan delay, Action<object?> callback, object? state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new SimulationEvent(StepKind.Timer, _process, callback.Method.Name, Fire, (callback, state));
        if (_world.IsForeign("a timer") || !IsActive) return timer;
        var real = _process.Node.FromLocal(delay < TimeSpan.Zero ? TimeSpan.Zero : delay);
        _world.Enqueue(timer, real + _world.DrawTimerJitter());
        return timer;
    }

    void IMessageObserver.Handling(string actor, object message) =>
        _world.TraceMessage(_process.Node.Index, actor, message.GetType());

    private void Fire(object? state)
    {
        if (!IsActive) return;
        var (callback, callbackState) = ((Action<object?>, object?))state!;
        callback(callbackState);
    }

    private sealed class Executor(SimulatedSeams seams, string dispatcherId) : IExecutor
    {
        private bool _isShutdown;

        public void Execute(IThreadPoolWorkItem item)
        {
            ArgumentNullException.ThrowIfNull(item);
            if (seams._world.IsForeign($"work for {dispatcherId}") || _isShutdown || !seams.IsActive) return;
            var name = item is Mailbox mailbox ? mailbox.Name : item.ToString() ?? item.GetType().Name;
            var work = new SimulationEvent(StepKind.Work, seams._process, name, Run, item);
            seams._world.Enqueue(work, seams._world.DrawDispatchDelay());
        }

        public void Shutdown() => _isShutdown = true;

        private void Run(object? item)
        {
            if (seams.IsActive) ((IThreadPoolWorkItem)item!).Execute();
        }
    }
}
