namespace Akka.TestKit.Internal;

/// <summary>
/// What the test actor has received and the test has not yet taken, in order of arrival.
/// <para>Owner: one test actor. Thread rule: any thread adds; one test takes at a time.</para>
/// Invariants:
/// <list type="number">
/// <item>The semaphore's count never exceeds the number of messages in the queue: a permit is a message.</item>
/// <item>A timed-out or cancelled take leaves every message where it was.</item>
/// </list>
/// </summary>
internal sealed class MessageInbox : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<MessageEnvelope> _messages = new();
    private readonly SemaphoreSlim _available = new(0);

    public bool HasMessages
    {
        get
        {
            lock (_lock)
            {
                return _messages.Count > 0;
            }
        }
    }

    public void Add(MessageEnvelope envelope)
    {
        lock (_lock)
        {
            _messages.Enqueue(envelope);
        }
        _available.Release();
    }

    /// <summary>The next message if there is one now.</summary>
    public MessageEnvelope? TakeOrNull()
    {
        if (!_available.Wait(0))
        {
            return null;
        }
        lock (_lock)
        {
            return _messages.Dequeue();
        }
    }

    /// <summary>
    /// Takes (or, with <paramref name="peek"/>, only looks at) the next message; null when none came within
    /// <paramref name="timeout"/> (negative: wait for ever). With <paramref name="blocking"/> the answer is complete when this returns.
    /// </summary>
    public async ValueTask<MessageEnvelope?> NextAsync(bool blocking, TimeSpan timeout, bool peek, CancellationToken cancellation)
    {
        var wait = timeout < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : timeout;
        var came = blocking
            ? _available.Wait(wait, cancellation)
            : await _available.WaitAsync(wait, cancellation).ConfigureAwait(false);
        if (!came)
        {
            return null;
        }
        lock (_lock)
        {
            if (!peek)
            {
                return _messages.Dequeue();
            }
            _available.Release();
            return _messages.Peek();
        }
    }

    public void Dispose() => _available.Dispose();
}
