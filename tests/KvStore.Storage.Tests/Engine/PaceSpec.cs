using KvStore.Storage.Commits;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Tests.Crashes;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Engine;

/// <summary>How fast compactions may write, and how writers are slowed when those fall behind.</summary>
public sealed class PaceSpec
{
    [Fact]
    public void What_is_taken_together_keeps_under_the_rate()
    {
        var scheduler = new ManualScheduler();
        var limiter = new RateLimiter(scheduler, bytesPerSecond: 1000, () => false);
        for (int i = 0; i < 30; i++)
            limiter.Take(100);
        Assert.Equal(3, scheduler.Now.TotalSeconds, tolerance: 0.1);
        scheduler.Advance(TimeSpan.FromSeconds(60));
        TimeSpan before = scheduler.Now;
        limiter.Take(1000);
        Assert.True(scheduler.Now - before <= TimeSpan.FromSeconds(1), "time not used before is not saved up, nor owed");
    }

    [Fact]
    public void A_limited_compaction_takes_the_time_that_its_bytes_need()
    {
        var scheduler = new ManualScheduler();
        using LsmStore store = LsmStore.Open("/store", SmallWorkload.Options(new MemoryFileSystem(), scheduler) with
        {
            CompactionBytesPerSecond = 10_000,
        });
        for (int i = 0; i < 400; i++)
            store.Put(BitConverter.GetBytes(i % 100), new byte[100]);
        TimeSpan start = scheduler.Now;
        long before = store.Statistics().CompactionWrittenBytes;
        store.WaitForBackgroundWork();
        double seconds = (scheduler.Now - start).TotalSeconds;
        long written = store.Statistics().CompactionWrittenBytes - before;
        Assert.True(written > 0 && seconds >= 0.9 * written / 10_000, $"{written} bytes in {seconds} s");
    }

    [Fact]
    public void The_delay_begins_at_the_slowdown_rises_with_the_debt_and_never_becomes_a_stop()
    {
        var options = new EngineOptions { Level0SlowdownTrigger = 12, Level0LimitTrigger = 20 };
        TimeSpan[] delays = [.. Enumerable.Range(0, 40).Select(tables => WriteDelay.For(options, tables, 64 << 20, 1 << 20))];
        Assert.All(delays[..12], delay => Assert.Equal(TimeSpan.Zero, delay));
        Assert.All(Enumerable.Range(12, 8), tables => Assert.True(delays[tables] > delays[tables - 1]));
        Assert.All(delays[20..], delay => Assert.Equal(delays[20], delay));
        Assert.True(delays[39] < TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), WriteDelay.For(options, 39, 1, WriteDelay.LowestRate));
    }

    [Fact]
    public void With_debt_a_writer_waits_and_one_that_must_not_is_told_how_long()
    {
        var scheduler = new ManualScheduler();
        using LsmStore store = LsmStore.Open("/store", SmallWorkload.Options(new MemoryFileSystem(), scheduler) with
        {
            Level0CompactionTrigger = 1, Level0SlowdownTrigger = 1, Level0LimitTrigger = 2, CompactionBytesPerSecond = 1,
        });
        store.Put("a"u8, "1"u8);
        store.Flush();
        TimeSpan before = scheduler.Now;
        Assert.True(store.Put("b"u8, new byte[1 << 20]).IsDone);
        Assert.True(store.Put("c"u8, "1"u8).IsDone);
        Assert.True(scheduler.Now > before, "the write after a large one waited");
        WriteResult busy;
        store.Put("d"u8, new byte[1 << 20]);
        busy = store.Put("e"u8, "1"u8, new WriteOptions { NeverWait = true });
        Assert.Equal(WriteStatus.Busy, busy.Status);
        Assert.True(busy.RetryAfter > TimeSpan.Zero);
        Assert.Null(store.Get("e"u8));
    }
}
