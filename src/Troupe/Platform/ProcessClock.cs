using System.Diagnostics;

namespace Troupe.Platform;

/// <summary>The process's clock for code whose API names no system to take one from.</summary>
internal static class ProcessClock
{
    internal static long Milliseconds() => (long)Stopwatch.GetElapsedTime(0).TotalMilliseconds;
}
