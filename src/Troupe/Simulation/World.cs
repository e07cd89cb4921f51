using System.Globalization;
using System.Runtime.ExceptionServices;

namespace Troupe.Simulation;

/// <summary>
/// Many actor systems in one process, on one thread, from one seed: virtual time, a network in memory, and one queue of steps out
/// of which the seed picks the next. Same options and same program: same steps, whatever the machine.
/// <para>Owner: a test or a simulator. Thread rule: one thread; it may be another one from run to run, never within a run.</para>
/// Invariants:
/// <list type="number">
/// <item>Virtual time never goes back, and passes only in Run methods.</item>
/// <item>A step runs to its end before the next begins.</item>
/// <item>Any access from another thread, and any exception that leaves a step, fails the run at the next step.</item>
/// <item>Everything random comes from the seed.</item>
/// </list>
/// </summary>
public sealed class World : IDisposable
{
    /// <summary>What the wall clocks of nodes without offset show when virtual time is zero.</summary>
    public static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly EventQueue _queue;
    private readonly SimulationTrace _trace;
    private readonly SimulationContext _scenarioContext;
    private readonly SimulationTaskScheduler _scheduler;
    private readonly ForeignAccess _foreign;
    private readonly SimulationRandom _root;
    private readonly SimulationRandom _timing;
    private readonly List<SimulatedNode> _nodes = [];
    private SimulationException? _failure;
    private bool _running;

    public World(SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        _root = new SimulationRandom(options.Seed);
        Random = Fork("scenario");
        _timing = Fork("timing");
        _queue = new EventQueue(Fork("choice"));
        _trace = new SimulationTrace(options.Trace);
        _scenarioContext = new SimulationContext(this, process: null);
        _scheduler = new SimulationTaskScheduler(this);
        _foreign = new ForeignAccess(options.OwnsProcess);
        Network = new SimulatedNetwork(this);
    }

    public World(ulong seed, string scenario = "") : this(new SimulationOptions { Seed = seed, Scenario = scenario })
    {
    }

    public SimulationOptions Options { get; }

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>For the scenario's own choices; drawing from it changes nothing but them.</summary>
    public SimulationRandom Random { get; }

    public SimulatedNetwork Network { get; }

    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    /// <summary>One number for all steps so far: runs with equal numbers (all but certainly) took the same steps.</summary>
    public ulong TraceHash => _trace.Hash;

    public long Steps => _trace.Steps;

    internal bool IsOwnThread => _foreign.IsOwnThread;

    /// <summary>The process whose step runs now; null in the scenario's.</summary>
    internal SimulatedProcess? CurrentProcess { get; private set; }

    /// <summary>Adds a machine with an address of its own, 10.0.0.1 and so on; its name is a host name too.</summary>
    public SimulatedNode AddNode(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (_nodes.Exists(n => n.Name == name))
            throw new ArgumentException($"There is a node '{name}' already. Choose another name.", nameof(name));
        var node = new SimulatedNode(this, name, _nodes.Count);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Runs until the scenario's task is complete; its continuations are steps of the simulation.</summary>
    /// <exception cref="SimulationException">The scenario failed, or waits for something that will never come.</exception>
    public void Run(Func<Task> scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        Task? task = null;
        Loop(() =>
        {
            SynchronizationContext.SetSynchronizationContext(_scenarioContext);
            task = scenario();
            while (!task.IsCompleted)
            {
                if (!Step(TimeSpan.MaxValue))
                    throw Failed("the scenario waits for something that will never come: no step is left to take "
                        + "(a task that left for another thread is no step)");
            }
        });
        if (task!.IsFaulted) Rethrow(task.Exception!.InnerException!);
        if (task.IsCanceled) throw Failed("the scenario was cancelled");
    }

    /// <summary>Runs every step of the next <paramref name="time"/>.</summary>
    public void RunFor(TimeSpan time)
    {
        var end = Now + time;
        Loop(() =>
        {
            while (Step(end))
            {
            }
            Now = end;
        });
    }

    /// <summary>Runs until <paramref name="condition"/> holds; false when it does not within <paramref name="limit"/>.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var end = Now + limit;
        var holds = false;
        Loop(() =>
        {
            while (!(holds = condition()) && Step(end))
            {
            }
            if (!holds) Now = end;
        });
        return holds;
    }

    /// <summary>
    /// Runs until nothing is under way: no mailbox to run, no byte to arrive, no continuation; timers may be pending. False when
    /// that does not come within <paramref name="limit"/>.
    /// </summary>
    public bool RunUntilQuiet(TimeSpan limit) => RunUntil(() => _queue.Activity == 0, limit);

    /// <summary>Completes after <paramref name="time"/> of virtual time, for scenarios.</summary>
    public Task Delay(TimeSpan time)
    {
        var done = new TaskCompletionSource();
        At(time, done.SetResult);
        return done.Task;
    }

    /// <summary>Calls <paramref name="action"/> as a step of its own after <paramref name="time"/>.</summary>
    public void At(TimeSpan time, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (IsForeign("a planned action")) return;
        Enqueue(new SimulationEvent(StepKind.Scenario, null, "action", static a => ((Action)a!)(), action), time);
    }

    /// <summary>Fails the run with everything needed to repeat it.</summary>
    public SimulationException Failed(string what, Exception? cause = null) => new(
        string.Create(CultureInfo.InvariantCulture, $"{what}\n  at {Now} of virtual time, step {Steps}, trace {TraceHash:x16}\n")
        + $"  options: {Options}\n  replay:  {Options.Replay}", cause);

    /// <summary>Throws when the run has failed: a foreign thread, or an exception that left a step.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is null && _foreign.FirstSeen is { } seen) _failure = Failed(seen);
        if (_failure is not null) throw _failure;
    }

    /// <summary>Ends every process. A failure that no run has reported yet is thrown here.</summary>
    public void Dispose()
    {
        _foreign.BindThread();
        foreach (var node in _nodes) node.Crash(CrashKind.Silent);
        if (_foreign.FirstSeen is not null && _failure is null) ThrowIfFailed();
    }

    /// <summary>True, and recorded, when the calling thread is not the simulation's: the run fails at its next step.</summary>
    internal bool IsForeign(string access) => _foreign.IsForeign(access, CurrentProcess?.Node.Name);

    /// <summary>A source of chance for one purpose, the same whatever was drawn before.</summary>
    internal SimulationRandom Fork(string purpose) => _root.Fork(purpose);

    internal void Enqueue(SimulationEvent step, TimeSpan delay)
    {
        step.Time = Now + delay;
        _queue.Add(step);
    }

    internal void Continue(SimulatedProcess? process, Action<object?> run, object state)
    {
        if (IsForeign("a continuation") || process is { IsDead: true }) return;
        Enqueue(new SimulationEvent(StepKind.Continuation, process, "continuation", run, state), DrawDispatchDelay());
    }

    /// <summary>Calls into <paramref name="process"/> now, from the scenario: with its context current.</summary>
    internal T Enter<T>(SimulatedProcess process, Func<T> call)
    {
        if (IsForeign("a call into a node")) throw _failure ??= Failed(_foreign.FirstSeen!);
        var (outer, context) = (CurrentProcess, SynchronizationContext.Current);
        Become(process);
        try
        {
            T result = default!;
            if (_running) result = call();
            else _scheduler.Enter(() => result = call());
            return result;
        }
        finally
        {
            CurrentProcess = outer;
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    internal void TraceMessage(int node, string actor, Type message) => _trace.Message(Now, node, actor, message);

    internal void Trace(StepKind kind, int node, string name, ulong detail = 0) => _trace.Step(Now, node, kind, name, detail);

    /// <summary>Above zero, so that time passes even where actors tell each other without end.</summary>
    internal TimeSpan DrawDispatchDelay() => TimeSpan.FromTicks(1) + _timing.Between(TimeSpan.Zero, Options.DispatchWindow);

    internal TimeSpan DrawTimerJitter() => _timing.Between(TimeSpan.Zero, Options.TimerJitter);

    private void Loop(Action loop)
    {
        if (_running) throw new InvalidOperationException("The simulation runs already: a step cannot run it. Await instead.");
        ThrowIfFailed();
        _foreign.BindThread();
        var context = SynchronizationContext.Current;
        _running = true;
        try
        {
            _scheduler.Enter(loop);
        }
        catch (Exception e) when (e is not SimulationException)
        {
            Rethrow(e);
        }
        finally
        {
            _running = false;
            CurrentProcess = null;
            SynchronizationContext.SetSynchronizationContext(context);
        }
        _foreign.Check();
        ThrowIfFailed();
    }

    /// <summary>Takes the next step that is due by <paramref name="limit"/>; false when there is none.</summary>
    private bool Step(TimeSpan limit)
    {
        ThrowIfFailed();
        if (_queue.Take(limit) is not { } step) return false;
        if (step.Time > Now) Now = step.Time;
        if (step.Process is { IsDead: true }) return true;
        if (step.Process is { IsPaused: true } paused)
        {
            paused.Park(step);
            return true;
        }
        Trace(step.Kind, step.Process?.Node.Index ?? -1, step.Name);
        if (Steps > Options.MaxSteps) throw Failed($"the run has no end: more than {Options.MaxSteps} steps");
        Become(step.Process);
        try
        {
            step.Run();
        }
        catch (Exception e) when (e is not SimulationException)
        {
            var where = step.Process is { } process ? $"on node {process.Node.Name}" : "in the scenario";
            _failure = Failed($"an exception left the step '{step.Name}' {where}: {e.GetType().Name}: {e.Message}", e);
        }
        return true;
    }

    private void Become(SimulatedProcess? process)
    {
        CurrentProcess = process;
        SynchronizationContext.SetSynchronizationContext(process?.Context ?? _scenarioContext);
    }

    private void Rethrow(Exception cause)
    {
        if (cause is SimulationException) ExceptionDispatchInfo.Throw(cause);
        throw _failure = Failed($"{cause.GetType().Name}: {cause.Message}", cause);
    }
}
