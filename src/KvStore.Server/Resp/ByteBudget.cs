namespace KvStore.Server.Resp;

/// <summary>
/// How many bytes one connection makes the server hold, and the wait of whoever would make it hold more.
/// <para>Owner: one connection. <see cref="Take"/> is called by its reader, one call after the other; <see cref="Change"/> by any thread.</para>
/// Invariants:
/// <list type="number">
/// <item>No more than <paramref name="most"/> bytes are taken at one time, unless by one taker that is larger alone.</item>
/// <item>When all has been given back, whoever waits goes on: nothing waits for ever.</item>
/// </list>
/// </summary>
internal sealed class ByteBudget(long most)
{
    private readonly Lock _lock = new();
    private long _held;
    private long _wanted;
    private TaskCompletionSource? _waiting;

    /// <summary>Waits until so many more fit, or until nothing else is held.</summary>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public ValueTask Take(long bytes, CancellationToken closed)
    {
        lock (_lock)
        {
            if (TryTake(bytes)) return ValueTask.CompletedTask;
            _wanted = bytes;
            _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_waiting.Task.WaitAsync(closed));
        }
    }

    /// <summary>What was taken turns out to be more, or less.</summary>
    public void Change(long by)
    {
        lock (_lock)
        {
            _held += by;
            if (_waiting is null || !TryTake(_wanted)) return;
            _waiting.SetResult();
            _waiting = null;
        }
    }

    private bool TryTake(long bytes)
    {
        if (_held > 0 && _held + bytes > most) return false;
        _held += bytes;
        return true;
    }
}
