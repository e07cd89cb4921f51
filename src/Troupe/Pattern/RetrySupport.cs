using Akka.Actor;
using Akka.Util;

namespace Akka.Pattern;

/// <summary>Repeats an attempt that fails. The last failure is the task's.</summary>
public static class RetrySupport
{
    /// <summary>Up to <paramref name="attempts"/> times more after the first one, at once.</summary>
    public static Task<T> Retry<T>(Func<Task<T>> attempt, int attempts) =>
        RetryAfter(attempt, attempts, static _ => Option<TimeSpan>.None, null);

    /// <summary>Up to <paramref name="attempts"/> times more, each after <paramref name="delay"/>.</summary>
    public static Task<T> Retry<T>(Func<Task<T>> attempt, int attempts, TimeSpan delay, IScheduler scheduler) =>
        RetryAfter(attempt, attempts, _ => Option<TimeSpan>.Create(delay), scheduler);

    /// <summary>The delay of the n-th repetition (from 1) is what <paramref name="delayFunction"/> says; none: at once.</summary>
    public static Task<T> Retry<T>(Func<Task<T>> attempt, int attempts, Func<int, Option<TimeSpan>> delayFunction, IScheduler scheduler) =>
        RetryAfter(attempt, attempts, delayFunction, scheduler);

    private static async Task<T> RetryAfter<T>(Func<Task<T>> attempt, int attempts, Func<int, Option<TimeSpan>> delayFunction,
        IScheduler? scheduler)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentOutOfRangeException.ThrowIfNegative(attempts);
        for (var repetition = 1; repetition <= attempts; repetition++)
        {
            try
            {
                return await attempt();
            }
            catch (Exception)
            {
                // Counted by the loop; the last attempt below is not caught.
            }
            if (scheduler is not null && delayFunction(repetition) is { HasValue: true, Value: var delay } && delay > TimeSpan.Zero)
            {
                await FutureTimeoutSupport.After(delay, scheduler, static () => Task.FromResult(true));
            }
        }
        return await attempt();
    }
}
