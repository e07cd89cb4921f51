using Akka.Actor;
using Akka.Event;
using Akka.TestKit.TestEvent;

namespace Akka.TestKit.Internal;

/// <summary>
/// Runs a block with filters muted and counts what they match.
/// <para>Thread rule: the test's flow calls; matches come from the logger's thread.</para>
/// Invariants:
/// <list type="number">
/// <item>The mute is published before the block runs and taken back after it, also when the block throws.</item>
/// <item>A block's own exception is the test's, not the missing log event.</item>
/// </list>
/// </summary>
public class InternalEventFilterApplier : IEventFilterApplier
{
    private readonly TestKitBase _testKit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<EventFilterBase> _filters;

    public InternalEventFilterApplier(TestKitBase testkit, ActorSystem system, IReadOnlyList<EventFilterBase> filters)
    {
        _testKit = testkit;
        _system = system;
        _filters = filters;
    }

    public EventFilterFactory And => new(_testKit, _system, _filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) =>
        Run(1, null, Value(action), cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Run(1, timeout, Value(action), cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) =>
        Run(1, null, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Run(1, timeout, func, cancellationToken);

    public Task ExpectOneAsync(Func<Task> action, CancellationToken cancellationToken = default) =>
        RunAsync(1, null, Value(action), cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        RunAsync(1, timeout, Value(action), cancellationToken);

    public Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        RunAsync(1, null, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        RunAsync(1, timeout, func, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Run(expectedCount, null, Value(action), cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Run(expectedCount, timeout, Value(action), cancellationToken);

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        Run(expectedCount, null, func, cancellationToken);

    public T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Run(expectedCount, timeout, func, cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        RunAsync(expectedCount, null, Value(actionAsync), cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, TimeSpan? timeout, CancellationToken cancellationToken = default) =>
        RunAsync(expectedCount, timeout, Value(actionAsync), cancellationToken);

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        RunAsync(expectedCount, timeout, Value(action), cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        RunAsync(expectedCount, null, func, cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        RunAsync(expectedCount, timeout, func, cancellationToken);

    public void Mute(Action action, CancellationToken cancellationToken = default) => Run(null, null, Value(action), cancellationToken);

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default) => Run(null, null, func, cancellationToken);

    public Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default) =>
        RunAsync(null, null, Value(action), cancellationToken);

    public Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        RunAsync(null, null, func, cancellationToken);

    public IUnmutableFilter Mute() => new InternalUnmutableFilter(_filters, _system);

    private T Run<T>(int? expected, TimeSpan? timeout, Func<T> block, CancellationToken cancellation)
    {
        using var matches = new Matches(_filters);
        using var mute = new InternalUnmutableFilter(_filters, _system);
        var result = block();
        Verify(expected, Leeway(timeout), matches,
            matches.WaitAsync(blocking: true, expected, Leeway(timeout), cancellation).GetAwaiter().GetResult());
        return result;
    }

    private async Task<T> RunAsync<T>(int? expected, TimeSpan? timeout, Func<Task<T>> block, CancellationToken cancellation)
    {
        using var matches = new Matches(_filters);
        using var mute = new InternalUnmutableFilter(_filters, _system);
        var result = await block();
        Verify(expected, Leeway(timeout), matches, await matches.WaitAsync(blocking: false, expected, Leeway(timeout), cancellation));
        return result;
    }

    private TimeSpan Leeway(TimeSpan? timeout) => _testKit.Dilated(timeout ?? _testKit.TestKitSettings.TestEventFilterLeeway);

    private void Verify(int? expected, TimeSpan timeout, Matches matches, int received)
    {
        if (expected is not { } count || received == count)
        {
            return;
        }
        var filters = string.Join(" or ", _filters);
        var what = received < count
            ? $"Expected {Messages(count)} in the log that match [{filters}], but only {received} came within {timeout}."
            : $"Expected {Messages(count)} in the log that match [{filters}], but {received} came: {matches.Seen}";
        _testKit.Checks.Fail(what);
    }

    private static string Messages(int count) => count == 1 ? "1 message" : $"{count} messages";

    private static Func<bool> Value(Action action) => () =>
    {
        action();
        return true;
    };

    private static Func<Task<bool>> Value(Func<Task> action) => async () =>
    {
        await action();
        return true;
    };

    /// <summary>A mute that lasts until it is disposed.</summary>
    protected class InternalUnmutableFilter : IUnmutableFilter
    {
        private readonly ActorSystem _system;
        private IReadOnlyCollection<EventFilterBase>? _filters;

        public InternalUnmutableFilter(IReadOnlyCollection<EventFilterBase> filters, ActorSystem system)
        {
            _filters = filters;
            _system = system;
            system.EventStream.Publish(new Mute(filters));
        }

        public void Unmute()
        {
            if (Interlocked.Exchange(ref _filters, null) is { } filters)
            {
                _system.EventStream.Publish(new Unmute(filters));
            }
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (disposing)
            {
                Unmute();
            }
        }
    }

    /// <summary>Counts the matches of some filters, and is waited on for them.</summary>
    private sealed class Matches : IDisposable
    {
        private readonly IReadOnlyList<EventFilterBase> _filters;
        private readonly SemaphoreSlim _matched = new(0);
        private readonly List<string> _seen = [];

        public Matches(IReadOnlyList<EventFilterBase> filters)
        {
            _filters = filters;
            foreach (var filter in filters)
            {
                filter.EventMatched += OnMatched;
            }
        }

        public string Seen
        {
            get
            {
                lock (_seen)
                {
                    return string.Join("; ", _seen);
                }
            }
        }

        /// <summary>
        /// Waits for the expected number (or, when that is 0, for one too many) and returns how many there were.
        /// </summary>
        public async Task<int> WaitAsync(bool blocking, int? expected, TimeSpan timeout, CancellationToken cancellation)
        {
            if (expected is { } count)
            {
                var end = TestKitBase.Now + timeout;
                for (var wanted = Math.Max(count, 1); wanted > 0; wanted--)
                {
                    var left = end - TestKitBase.Now;
                    left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
                    var came = blocking ? _matched.Wait(left, cancellation) : await _matched.WaitAsync(left, cancellation);
                    if (!came)
                    {
                        break;
                    }
                }
            }
            lock (_seen)
            {
                return _seen.Count;
            }
        }

        public void Dispose()
        {
            foreach (var filter in _filters)
            {
                filter.EventMatched -= OnMatched;
            }
        }

        private void OnMatched(EventFilterBase filter, LogEvent logEvent)
        {
            lock (_seen)
            {
                _seen.Add($"{logEvent.Message}");
            }
            _matched.Release();
        }
    }
}
