namespace KvStore.Storage.Scheduling;

/// <summary>Keeps what several threads do together under a number of bytes a second, by having each sleep for its
/// share, unless the store is closing.</summary>
internal sealed class RateLimiter(IEngineScheduler scheduler, long bytesPerSecond, Func<bool> closing)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(100);
    private readonly Lock _lock = new();
    private TimeSpan _freeAt;

    /// <summary>Returns when these bytes fit the rate. Without a rate: at once.</summary>
    internal void Take(long bytes)
    {
        if (bytesPerSecond == 0)
            return;
        TimeSpan wait;
        lock (_lock)
        {
            TimeSpan now = scheduler.Now;
            _freeAt = (_freeAt > now ? _freeAt : now) + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
            wait = _freeAt - now;
        }

        for (; wait > TimeSpan.Zero && !closing(); wait -= LongestSleep)
            scheduler.Sleep(wait < LongestSleep ? wait : LongestSleep);
    }
}
