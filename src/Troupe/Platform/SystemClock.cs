using System.Diagnostics;

namespace Troupe.Platform;

/// <summary>The machine's own clocks.</summary>
internal sealed class SystemClock : IClock
{
    private readonly long _origin = Stopwatch.GetTimestamp();

    public TimeSpan Monotonic => Stopwatch.GetElapsedTime(_origin);

    public DateTimeOffset UtcNow => DateTimeOffset.UtcNow;
}
