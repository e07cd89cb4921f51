using Troupe.Platform;

namespace Akka.Remote;

/// <summary>Milliseconds since an arbitrary point; never goes back.</summary>
public delegate long Clock();

/// <summary>
/// Judges from the times of a resource's heartbeats whether it is still there.
/// <para>Thread rule: an implementation may be used from any thread.</para>
/// </summary>
public abstract class FailureDetector
{
    public static readonly Clock DefaultClock = ProcessClock.Milliseconds;

    public abstract bool IsAvailable { get; }

    /// <summary>Has there been a heartbeat at all?</summary>
    public abstract bool IsMonitoring { get; }

    public abstract void HeartBeat();

    /// <summary>The clock of one system's seams.</summary>
    internal static Clock ClockOf(Seams seams) => () => (long)seams.Clock.Monotonic.TotalMilliseconds;
}
