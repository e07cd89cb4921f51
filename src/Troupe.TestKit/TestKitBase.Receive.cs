using System.Collections;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>
/// Taking messages. Each rule is written once, async, with a switch: a blocking caller waits inside of the inbox, so that
/// its task is complete when it is returned and nothing of the test moves to another thread.
/// </summary>
public abstract partial class TestKitBase
{
    private const bool Blocking = true;
    private const bool NotBlocking = false;

    /// <summary>The next message, or null when none came in time.</summary>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Done(NextAsync(Blocking, max ?? RemainingOrDefault, cancellationToken))?.Message;

    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await NextAsync(NotBlocking, max ?? RemainingOrDefault, cancellationToken))?.Message;

    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var next = Done(NextAsync(Blocking, max ?? RemainingOrDefault, cancellationToken));
        envelope = next ?? (MessageEnvelope)NullMessageEnvelope.Instance;
        return next is not null;
    }

    public async ValueTask<(bool success, MessageEnvelope envelope)> TryReceiveOneAsync(TimeSpan? max,
        CancellationToken cancellationToken = default)
    {
        var next = await NextAsync(NotBlocking, max ?? RemainingOrDefault, cancellationToken);
        return (next is not null, next ?? NullMessageEnvelope.Instance);
    }

    /// <summary>The next message, left where it is; null when none came in time.</summary>
    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Done(PeekAsync(Blocking, max ?? RemainingOrDefault, cancellationToken))?.Message;

    public object? PeekOne(CancellationToken cancellationToken) => PeekOne(null, cancellationToken);

    public async ValueTask<object?> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await PeekAsync(NotBlocking, max ?? RemainingOrDefault, cancellationToken))?.Message;

    public ValueTask<object?> PeekOneAsync(CancellationToken cancellationToken) => PeekOneAsync(null, cancellationToken);

    public bool TryPeekOne(out MessageEnvelope envelope, TimeSpan? max, CancellationToken cancellationToken)
    {
        var next = Done(PeekAsync(Blocking, max ?? RemainingOrDefault, cancellationToken));
        envelope = next ?? (MessageEnvelope)NullMessageEnvelope.Instance;
        return next is not null;
    }

    public async ValueTask<(bool success, MessageEnvelope envelope)> TryPeekOneAsync(TimeSpan? max, CancellationToken cancellationToken)
    {
        var next = await PeekAsync(NotBlocking, max ?? RemainingOrDefault, cancellationToken);
        return (next is not null, next ?? NullMessageEnvelope.Instance);
    }

    /// <summary>Exactly so many messages, or the test fails.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Done(ReceiveNCoreAsync(Blocking, numberOfMessages, RemainingOrDefault, cancellationToken));

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Done(ReceiveNCoreAsync(Blocking, numberOfMessages, RemainingOrDilated(max), cancellationToken));

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Stream(ReceiveNCoreAsync(NotBlocking, numberOfMessages, RemainingOrDefault, cancellationToken));

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Stream(ReceiveNCoreAsync(NotBlocking, numberOfMessages, RemainingOrDilated(max), cancellationToken));

    /// <summary>
    /// Messages as long as <paramref name="filter"/> returns something for them; the first for which it returns null stays.
    /// Ends, without failing, after <paramref name="max"/>, after <paramref name="idle"/> without a message, or with
    /// <paramref name="msgs"/> messages.
    /// </summary>
    public IReadOnlyList<T> ReceiveWhile<T>(Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null,
        int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        Done(ReceiveWhileCoreAsync(Blocking, filter, max, idle, msgs, cancellationToken));

    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        Done(ReceiveWhileCoreAsync(Blocking, filter, max, null, msgs, cancellationToken));

    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        Done(ReceiveWhileCoreAsync(Blocking, filter, max, idle, msgs, cancellationToken));

    /// <summary>Messages of type <typeparamref name="T"/> as long as the predicate holds; others are dropped, or end it.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null,
        int msgs = int.MaxValue, bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) =>
        Done(ReceiveWhileTypedAsync(Blocking, shouldContinue, max, idle, msgs, shouldIgnoreOtherMessageTypes, cancellationToken));

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null,
        int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        Stream(ReceiveWhileCoreAsync(NotBlocking, filter, max, idle, msgs, cancellationToken));

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        Stream(ReceiveWhileCoreAsync(NotBlocking, filter, max, null, msgs, cancellationToken));

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        Stream(ReceiveWhileCoreAsync(NotBlocking, filter, max, idle, msgs, cancellationToken));

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null,
        int msgs = int.MaxValue, bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) =>
        Stream(ReceiveWhileTypedAsync(NotBlocking, shouldContinue, max, idle, msgs, shouldIgnoreOtherMessageTypes, cancellationToken));

    /// <summary>Waits until no message has come for <paramref name="max"/>; returns those that came meanwhile.</summary>
    public async Task<ArrayList> WaitForRadioSilenceAsync(TimeSpan? max = null, uint? maxMessages = null,
        CancellationToken cancellationToken = default)
    {
        var silence = RemainingOrDilated(max);
        var heard = new ArrayList();
        while (await NextAsync(NotBlocking, silence, cancellationToken) is { } next)
        {
            heard.Add(next);
            if (heard.Count > maxMessages)
            {
                Fail($"There was no silence of {silence}: more than {maxMessages} messages came.");
            }
        }
        return heard;
    }

    /// <summary>The value of a task that a blocking core has completed.</summary>
    private static T Done<T>(ValueTask<T> completed) => completed.GetAwaiter().GetResult();

    private async ValueTask<MessageEnvelope?> NextAsync(bool blocking, TimeSpan timeout, CancellationToken cancellation)
    {
        var next = await _inbox.NextAsync(blocking, timeout.IsInfinite() ? Timeout.InfiniteTimeSpan : timeout, peek: false, cancellation);
        _lastWasNoMsg = false;
        _lastMessage = next ?? (MessageEnvelope)NullMessageEnvelope.Instance;
        return next;
    }

    private ValueTask<MessageEnvelope?> PeekAsync(bool blocking, TimeSpan timeout, CancellationToken cancellation) =>
        _inbox.NextAsync(blocking, timeout.IsInfinite() ? Timeout.InfiniteTimeSpan : timeout, peek: true, cancellation);

    private async ValueTask<IReadOnlyCollection<object>> ReceiveNCoreAsync(bool blocking, int count, TimeSpan max,
        CancellationToken cancellation)
    {
        var end = Now + max;
        var received = new List<object>(count);
        while (received.Count < count)
        {
            var next = await NextAsync(blocking, Max(end - Now, TimeSpan.Zero), cancellation);
            if (next is null)
            {
                Fail($"Expected {count} messages within {max}, but only {received.Count} came: [{string.Join(", ", received)}]");
            }
            received.Add(next.Message!);
        }
        return received;
    }

    private async ValueTask<IReadOnlyList<T>> ReceiveWhileCoreAsync<T>(bool blocking, Func<object, T?> filter, TimeSpan? max,
        TimeSpan? idle, int msgs, CancellationToken cancellation)
    {
        var stop = Now + RemainingOrDilated(max);
        var received = new List<T>();
        MessageEnvelope last = NullMessageEnvelope.Instance;
        while (received.Count < msgs)
        {
            var wait = Max(stop - Now, TimeSpan.Zero);
            var next = await PeekAsync(blocking, idle is { } limit && !limit.IsInfinite() ? Min(wait, limit) : wait, cancellation);
            if (next is null || filter(next.Message!) is not { } result)
            {
                break;
            }
            await NextAsync(blocking, TimeSpan.Zero, cancellation);
            received.Add(result);
            last = next;
        }
        _lastMessage = last;
        _lastWasNoMsg = true;
        return received;
    }

    private async ValueTask<IReadOnlyList<T>> ReceiveWhileTypedAsync<T>(bool blocking, Predicate<T> shouldContinue, TimeSpan? max,
        TimeSpan? idle, int msgs, bool ignoreOthers, CancellationToken cancellation)
    {
        var stop = Now + RemainingOrDilated(max);
        var received = new List<T>();
        while (received.Count < msgs)
        {
            var wait = Max(stop - Now, TimeSpan.Zero);
            var next = await PeekAsync(blocking, idle is { } limit && !limit.IsInfinite() ? Min(wait, limit) : wait, cancellation);
            if (next?.Message is T typed && shouldContinue(typed))
            {
                received.Add(typed);
            }
            else if (next is null || next.Message is T || !ignoreOthers)
            {
                break;
            }
            await NextAsync(blocking, TimeSpan.Zero, cancellation);
        }
        _lastWasNoMsg = true;
        return received;
    }

    private static async IAsyncEnumerable<T> Stream<T>(ValueTask<IReadOnlyList<T>> all)
    {
        foreach (var item in await all)
        {
            yield return item;
        }
    }

    private static async IAsyncEnumerable<T> Stream<T>(ValueTask<IReadOnlyCollection<T>> all)
    {
        foreach (var item in await all)
        {
            yield return item;
        }
    }
}
