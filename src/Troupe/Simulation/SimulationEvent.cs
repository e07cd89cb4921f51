namespace Troupe.Simulation;

/// <summary>One step that will be taken at its time, unless it is cancelled or its process is dead by then.</summary>
internal sealed class SimulationEvent(StepKind kind, SimulatedProcess? process, string name, Action<object?> run, object? state)
    : Platform.ITimerHandle
{
    private bool _done;

    public StepKind Kind { get; } = kind;

    /// <summary>Whose callback it is; null for the wire and the scenario.</summary>
    public SimulatedProcess? Process { get; } = process;

    public string Name { get; } = name;

    public TimeSpan Time { get; set; }

    /// <summary>True when the run is not quiet before it has happened: anything but a timer or a retransmission.</summary>
    public bool IsActivity => Kind is not (StepKind.Timer or StepKind.Wire);

    public bool IsCancelled { get; private set; }

    public void Run()
    {
        _done = true;
        run(state);
    }

    public bool Cancel()
    {
        if (_done || IsCancelled || Process is { IsDead: true }) return false;
        IsCancelled = true;
        return true;
    }
}
