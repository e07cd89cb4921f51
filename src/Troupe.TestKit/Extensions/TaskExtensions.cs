namespace Akka.TestKit.Extensions;

/// <summary>Tasks that must end in time.</summary>
public static class TaskExtensions
{
    /// <summary>Whether the task ended within the time. Throws what the task threw.</summary>
    public static async Task<bool> AwaitWithTimeout(this Task parentTask, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var first = await Task.WhenAny(parentTask, Task.Delay(timeout, cancellationToken));
        if (first != parentTask)
        {
            return false;
        }
        await parentTask;
        return true;
    }

    public static Task<T> WithTimeout<T>(this Task<T> parentTask, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        parentTask.WaitAsync(timeout, cancellationToken);

    public static async Task ShouldCompleteWithin(this Task task, TimeSpan timeout, string because = "", params object[] becauseArgs)
    {
        if (!await task.AwaitWithTimeout(timeout))
        {
            Fail($"The task was to complete within {timeout}, but has not", because, becauseArgs);
        }
    }

    public static async Task<T> ShouldCompleteWithin<T>(this Task<T> task, TimeSpan timeout, string because = "",
        params object[] becauseArgs)
    {
        await ShouldCompleteWithin((Task)task, timeout, because, becauseArgs);
        return await task;
    }

    public static async Task ShouldCompleteWithin<T>(this Task<T> task, T expected, TimeSpan timeout, string because = "",
        params object[] becauseArgs)
    {
        var actual = await ShouldCompleteWithin(task, timeout, because, becauseArgs);
        if (!Equals(expected, actual))
        {
            Fail($"The task was to complete with {expected}, but completed with {actual}", because, becauseArgs);
        }
    }

    public static async Task<T> ShouldThrowWithin<T>(this Task task, TimeSpan timeout, string because = "", params object[] becauseArgs)
        where T : Exception
    {
        try
        {
            await ShouldCompleteWithin(task, timeout, because, becauseArgs);
        }
        catch (T expected)
        {
            return expected;
        }
        Fail($"The task was to throw {typeof(T)}, but completed", because, becauseArgs);
        return null!;
    }

    public static async Task ShouldThrowWithin<T>(this Task task, T expected, TimeSpan timeout, string because = "",
        params object[] becauseArgs)
        where T : Exception
    {
        var actual = await ShouldThrowWithin<T>(task, timeout, because, becauseArgs);
        if (actual.Message != expected.Message)
        {
            Fail($"The task was to throw \"{expected.Message}\", but threw \"{actual.Message}\"", because, becauseArgs);
        }
    }

    private static void Fail(string what, string because, object[] args) =>
        throw new Xunit.Sdk.XunitException(
            because.Length == 0 ? what + "." : $"{what}: {string.Format(System.Globalization.CultureInfo.InvariantCulture, because, args)}.");
}
