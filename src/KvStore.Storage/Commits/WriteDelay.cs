namespace KvStore.Storage.Commits;

/// <summary>
/// How much a writer is held back when compaction is behind. Pure. Between the slowdown and the limit of level 0 the allowed
/// rate falls in a geometric way from what the disk has been seen to merge to a sixteenth of it; beyond the limit it stays
/// there. So writers slow down early and evenly, and never stop.
/// </summary>
internal static class WriteDelay
{
    internal const long LowestRate = 1 << 20;

    /// <param name="options">Where the thresholds are.</param>
    /// <param name="level0Tables">Tables waiting in level 0.</param>
    /// <param name="mergeBytesPerSecond">The pace of recent compactions.</param>
    /// <param name="bytes">What the writer wants to add.</param>
    internal static TimeSpan For(EngineOptions options, int level0Tables, long mergeBytesPerSecond, long bytes)
    {
        if (level0Tables < options.Level0SlowdownTrigger)
            return TimeSpan.Zero;
        double span = options.Level0LimitTrigger - options.Level0SlowdownTrigger;
        double debt = Math.Min(1, (level0Tables - options.Level0SlowdownTrigger + 1) / span);
        double rate = Math.Max(LowestRate, mergeBytesPerSecond * Math.Pow(2, -4 * debt));
        return TimeSpan.FromSeconds(bytes / rate);
    }
}
