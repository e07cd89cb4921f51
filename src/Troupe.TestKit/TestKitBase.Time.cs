using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>Durations, deadlines, and blocks that must end in time.</summary>
public abstract partial class TestKitBase
{
    /// <summary>What is left of the enclosing Within. Throws outside of one.</summary>
    public TimeSpan Remaining => _end is { } end
        ? Max(end - Now, TimeSpan.Zero)
        : throw new InvalidOperationException("Remaining has a meaning only inside of Within. Use RemainingOrDefault elsewhere.");

    /// <summary>What is left of the enclosing Within, else <c>akka.test.single-expect-default</c>.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(_settings.SingleExpectDefault));

    /// <summary>The duration times <c>akka.test.timefactor</c>.</summary>
    public TimeSpan Dilated(TimeSpan duration) =>
        duration.IsInfinite() ? duration : TimeSpan.FromTicks((long)(duration.Ticks * _settings.TestTimeFactor));

    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => timeout ?? RemainingOrDefault;

    protected TimeSpan RemainingOr(TimeSpan duration) => _end is { } end ? Max(end - Now, TimeSpan.Zero) : duration;

    public TimeSpan RemainingOrDilated(TimeSpan? duration)
    {
        if (duration is not { } given)
        {
            return RemainingOrDefault;
        }
        if (given.IsInfinite())
        {
            throw new ArgumentException("A wait in a test must have an end, but the duration is infinite.", nameof(duration));
        }
        if (given < TimeSpan.Zero)
        {
            throw new ArgumentException($"A wait cannot last {given}.", nameof(duration));
        }
        return Dilated(given);
    }

    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>
    /// Runs the block; everything in it that waits without a duration of its own waits until <paramref name="max"/> at the longest.
    /// Fails when the block took less than <paramref name="min"/> or more than <paramref name="max"/> (+ <paramref name="epsilonValue"/>).
    /// </summary>
    public void Within(TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Within(min, max, () =>
        {
            action();
            return true;
        }, hint, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var block = EnterBlock(min, max, hint);
        T result;
        try
        {
            result = function();
        }
        finally
        {
            _end = block.OuterEnd;
        }
        LeaveBlock(block, min, epsilonValue, hint);
        return result;
    }

    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    public Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(min, max, async () =>
        {
            await actionAsync();
            return true;
        }, hint, epsilonValue, cancellationToken);

    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public async Task<T> WithinAsync<T>(TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null,
        TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        var block = EnterBlock(min, max, hint);
        T result;
        try
        {
            var body = function();
            // A body that hangs ends the test here; the epsilon is what LeaveBlock allows as well.
            await Task.WhenAny(body, Task.Delay(block.Length + (epsilonValue ?? TimeSpan.Zero), cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (!body.IsCompleted)
            {
                Fail($"The block was to end within {block.Length}, but has not.{Hint(hint)}");
            }
            result = await body;
        }
        finally
        {
            _end = block.OuterEnd;
        }
        LeaveBlock(block, min, epsilonValue, hint);
        return result;
    }

    private Block EnterBlock(TimeSpan min, TimeSpan max, string? hint)
    {
        min.EnsureIsPositiveFinite(nameof(min));
        max.EnsureIsPositiveFinite(nameof(max));
        max = Dilated(max);
        var start = Now;
        var left = _end is { } outer ? outer - start : max;
        _assertions.AssertTrue(left >= min, $"The block needs at least {min}, but only {left} are left.{Hint(hint)}");
        var block = new Block(start, Min(max, left), _end);
        _lastWasNoMsg = false;
        _end = start + block.Length;
        return block;
    }

    private void LeaveBlock(Block block, TimeSpan min, TimeSpan? epsilon, string? hint)
    {
        var took = Now - block.Start;
        _assertions.AssertTrue(took >= min, $"The block took {took}, but should have taken at least {min}.{Hint(hint)}");
        if (!_lastWasNoMsg)
        {
            // A last wait for "no message" has used the whole block by design.
            _assertions.AssertTrue(took <= block.Length + (epsilon ?? TimeSpan.Zero),
                $"The block took {took}, but should have taken {block.Length} at most.{Hint(hint)}");
        }
    }

    private static string Hint(string? hint) => string.IsNullOrEmpty(hint) ? "" : $" ({hint})";

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private readonly record struct Block(TimeSpan Start, TimeSpan Length, TimeSpan? OuterEnd);
}
