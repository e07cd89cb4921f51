namespace Troupe.Platform;

/// <summary>Time, read but never waited for.</summary>
public interface IClock
{
    /// <summary>Time since a fixed but arbitrary point. Never goes back.</summary>
    TimeSpan Monotonic { get; }

    DateTimeOffset UtcNow { get; }
}
