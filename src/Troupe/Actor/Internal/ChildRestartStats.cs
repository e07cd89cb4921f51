using Troupe.Platform;

namespace Akka.Actor.Internal;

/// <summary>
/// A child and its restarts within the present time window. Owner: the parent's <see cref="ChildrenContainer"/>.
/// </summary>
public class ChildRestartStats : IChildStats
{
    private IClock? _clock;

    internal ChildRestartStats(string name) => Name = name;

    public IInternalActorRef Child { get; private set; } = Nobody.Instance;

    public long Uid => Child.Path.Uid;

    /// <summary>Restarts in the present window.</summary>
    public uint MaxNrOfRetriesCount { get; private set; }

    /// <summary>When the present window began, by the system's monotonic clock; 0: no window yet.</summary>
    public long RestartTimeWindowStartTicks { get; private set; }

    internal string Name { get; }

    internal bool Dying { get; set; }

    internal bool IsReserved => ReferenceEquals(Child, Nobody.Instance);

    internal ChildRestartStats? Previous { get; set; }

    internal ChildRestartStats? Next { get; set; }

    /// <summary>
    /// Counts one more restart: may the child be restarted? Negative retries: always; without a window the count is over its
    /// whole life, with one it starts anew when the window has passed.
    /// </summary>
    public bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
    {
        if (maxNrOfRetries == 0) return false;
        if (withinTimeMilliseconds <= 0) return maxNrOfRetries < 0 || ++MaxNrOfRetriesCount <= maxNrOfRetries;
        return RetriesInWindow(maxNrOfRetries < 0 ? 1 : maxNrOfRetries, withinTimeMilliseconds);
    }

    internal void Fill(IInternalActorRef child, IClock clock)
    {
        Child = child;
        _clock = clock;
    }

    private bool RetriesInWindow(int retries, int windowMilliseconds)
    {
        var now = Math.Max(_clock?.Monotonic.Ticks ?? 0, 1);
        if (RestartTimeWindowStartTicks == 0) RestartTimeWindowStartTicks = now;
        if (now - RestartTimeWindowStartTicks <= windowMilliseconds * TimeSpan.TicksPerMillisecond)
            return ++MaxNrOfRetriesCount <= retries;
        MaxNrOfRetriesCount = 1;
        RestartTimeWindowStartTicks = now;
        return true;
    }
}
