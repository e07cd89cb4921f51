namespace Akka.TestKit.Internal;

/// <summary>Names for the special values of durations.</summary>
public static class TimeSpanExtensions
{
    public static bool IsZero(this TimeSpan timeSpan) => timeSpan == TimeSpan.Zero;

    public static bool IsZero(this TimeSpan? timeSpan) => timeSpan is { } given && given.IsZero();

    /// <summary>Zero or more, and not infinite.</summary>
    public static bool IsPositiveFinite(this TimeSpan timeSpan) => timeSpan >= TimeSpan.Zero && timeSpan != TimeSpan.MaxValue;

    public static bool IsPositiveFinite(this TimeSpan? timeSpan) => timeSpan is { } given && given.IsPositiveFinite();

    public static bool IsInfinite(this TimeSpan timeSpan) => timeSpan == Timeout.InfiniteTimeSpan || timeSpan == TimeSpan.MaxValue;

    public static bool IsInfinite(this TimeSpan? timeSpan) => timeSpan is { } given && given.IsInfinite();

    public static bool IsInfiniteTimeout(this TimeSpan timeSpan) => timeSpan == Timeout.InfiniteTimeSpan;

    public static bool IsInfiniteTimeout(this TimeSpan? timeSpan) => timeSpan is { } given && given.IsInfiniteTimeout();

    public static bool IsUndefined(this TimeSpan? timeSpan) => timeSpan is null;

    public static TimeSpan Min(this TimeSpan a, TimeSpan? b) => b is { } other && other < a ? other : a;

    public static void EnsureIsPositiveFinite(this TimeSpan timeSpan, string parameterName)
    {
        if (!timeSpan.IsPositiveFinite())
        {
            throw new ArgumentException($"The duration must be finite and not negative, but is {timeSpan}.", parameterName);
        }
    }
}
