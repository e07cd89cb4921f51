namespace KvStore.Node.Handoff;

/// <summary>
/// Shares a rate among the streams of one node: each says what it sends, and is told how long to wait before it sends more. Used by the
/// streams' actors at once: thread-safe.
/// </summary>
internal sealed class Pace(long bytesPerSecond)
{
    private readonly Lock _lock = new();
    private TimeSpan _free;

    /// <summary>Takes room for so many bytes; returns how long to wait for it.</summary>
    public TimeSpan Take(int bytes, TimeSpan now)
    {
        lock (_lock)
        {
            var wait = _free > now ? _free - now : TimeSpan.Zero;
            _free = now + wait + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
            return wait;
        }
    }
}
