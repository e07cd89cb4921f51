namespace Troupe.Simulation;

/// <summary>Brings continuations back to the simulation's one thread, as steps of the process that awaited.</summary>
internal sealed class SimulationContext(World world, SimulatedProcess? process) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) =>
        world.Continue(process, static posted => ((Posted)posted!).Run(), new Posted(d, state));

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (world.IsForeign("a synchronous call into the simulation")) return;
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    private sealed record Posted(SendOrPostCallback Callback, object? State)
    {
        public void Run() => Callback(State);
    }
}

/// <summary>The current scheduler while the simulation runs: tasks that name no scheduler stay on its thread.</summary>
internal sealed class SimulationTaskScheduler(World world) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs the simulation's own loop with this scheduler current, on the calling thread.</summary>
    public void Enter(Action loop)
    {
        var task = new Task(loop);
        task.RunSynchronously(this);
        task.GetAwaiter().GetResult();
    }

    protected override void QueueTask(Task task) =>
        world.Continue(world.CurrentProcess, static queued => ((Queued)queued!).Run(), new Queued(this, task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && world.IsOwnThread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private sealed record Queued(SimulationTaskScheduler Scheduler, Task Task)
    {
        public void Run() => Scheduler.TryExecuteTask(Task);
    }
}
