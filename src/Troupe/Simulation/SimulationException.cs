namespace Troupe.Simulation;

/// <summary>
/// A simulated run failed: an assertion, a foreign thread, an exception that nobody handled, a run without end. The message says
/// what, when, with which options, and carries the line that repeats the run.
/// </summary>
public sealed class SimulationException : Exception
{
    public SimulationException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
