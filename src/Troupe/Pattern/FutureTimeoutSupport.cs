using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Tasks that begin later.</summary>
public static class FutureTimeoutSupport
{
    /// <summary>Calls <paramref name="value"/> after <paramref name="duration"/>; the result is its result.</summary>
    public static async Task<T> After<T>(TimeSpan duration, IScheduler scheduler, Func<Task<T>> value)
    {
        if (duration < TimeSpan.MaxValue && duration > TimeSpan.Zero)
        {
            var time = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            scheduler.Advanced.ScheduleOnce(duration, time.SetResult);
            await time.Task;
        }
        return await value();
    }
}
