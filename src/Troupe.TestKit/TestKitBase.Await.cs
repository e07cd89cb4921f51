using Akka.Event;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>
/// Waiting for a condition or an assertion to hold. Nothing announces such a state, so it is looked at again and again;
/// where a message can announce it, an Expect method is the better way.
/// </summary>
public abstract partial class TestKitBase
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Repeats the assertion until it does not throw. After <paramref name="duration"/> its last exception is the test's.
    /// </summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitAssertCore(Blocking, Async(assertion), duration, interval, cancellationToken).GetAwaiter().GetResult();

    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitAssertCore(NotBlocking, Async(assertion), duration, interval, cancellationToken);

    public Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitAssertCore(NotBlocking, assertion, duration, interval, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message,
        CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <summary>
    /// Looks at the condition every <paramref name="interval"/>; fails when it does not hold within <paramref name="max"/>.
    /// </summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionCore(Blocking, Async(conditionIsFulfilled), RemainingOrDilated(max), interval, FailWith(message), Logger(), cancellationToken)
            .GetAwaiter().GetResult();

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(Async(conditionIsFulfilled), null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(Async(conditionIsFulfilled), max, null, message, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, string? message,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(Async(conditionIsFulfilled), max, interval, message, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionCore(NotBlocking, conditionIsFulfilled, RemainingOrDilated(max), interval, FailWith(message), Logger(), cancellationToken);

    /// <summary>As AwaitCondition, but says false where that fails.</summary>
    public bool AwaitConditionNoThrow(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionCore(Blocking, Async(conditionIsFulfilled), max, interval, null, Logger(), cancellationToken).GetAwaiter().GetResult();

    public Task<bool> AwaitConditionNoThrowAsync(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionCore(NotBlocking, Async(conditionIsFulfilled), max, interval, null, Logger(), cancellationToken);

    public Task<bool> AwaitConditionNoThrowAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionCore(NotBlocking, conditionIsFulfilled, max, interval, null, Logger(), cancellationToken);

    protected static bool InternalAwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval,
        Action<string, object[]>? fail, CancellationToken cancellationToken = default) =>
        AwaitConditionCore(Blocking, Async(conditionIsFulfilled), max, interval, fail, null, cancellationToken).GetAwaiter().GetResult();

    protected static Task<bool> InternalAwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval,
        Action<string, object[]>? fail, CancellationToken cancellationToken = default) =>
        AwaitConditionCore(NotBlocking, conditionIsFulfilled, max, interval, fail, null, cancellationToken);

    private static async Task<bool> AwaitConditionCore(bool blocking, Func<Task<bool>> condition, TimeSpan max, TimeSpan? interval,
        Action<string, object[]>? fail, ILoggingAdapter? log, CancellationToken cancellation)
    {
        max.EnsureIsPositiveFinite(nameof(max));
        var pause = interval ?? DefaultInterval;
        var start = Now;
        var looks = 1;
        while (!await condition())
        {
            var left = start + max - Now;
            if (left <= TimeSpan.Zero)
            {
                log?.Debug("Condition did not hold within {0} ({1} looks)", max, looks);
                fail?.Invoke($"The condition did not hold within {max}, looked at {looks} times.", []);
                return false;
            }
            await PauseAsync(blocking, Min(pause, left), cancellation);
            looks++;
        }
        log?.Debug("Condition held after {0} ({1} looks)", Now - start, looks);
        return true;
    }

    private async Task AwaitAssertCore(bool blocking, Func<Task> assertion, TimeSpan? duration, TimeSpan? interval,
        CancellationToken cancellation)
    {
        var pause = interval ?? DefaultInterval;
        pause.EnsureIsPositiveFinite(nameof(interval));
        var end = Now + RemainingOrDilated(duration);
        while (true)
        {
            var last = Now >= end;
            try
            {
                await assertion();
                return;
            }
            catch (Exception) when (!last && !cancellation.IsCancellationRequested)
            {
                // Not yet: whatever it threw is the test's only if it is still thrown at the end.
            }
            await PauseAsync(blocking, Max(Min(pause, end - Now), TimeSpan.Zero), cancellation);
        }
    }

    private static async Task PauseAsync(bool blocking, TimeSpan pause, CancellationToken cancellation)
    {
        if (blocking)
        {
            cancellation.WaitHandle.WaitOne(pause);
            cancellation.ThrowIfCancellationRequested();
        }
        else
        {
            await Task.Delay(pause, cancellation);
        }
    }

    private Action<string, object[]> FailWith(string? message) =>
        (reason, args) => _assertions.Fail(message is null ? reason : $"{reason} ({message})", args);

    private ILoggingAdapter? Logger() => _settings.LogTestKitCalls ? _log : null;

    private static Func<Task> Async(Action action) => () =>
    {
        action();
        return Task.CompletedTask;
    };

    private static Func<Task<bool>> Async(Func<bool> condition) => () => Task.FromResult(condition());
}
