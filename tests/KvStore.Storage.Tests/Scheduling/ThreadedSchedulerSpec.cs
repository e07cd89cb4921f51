using System.Runtime.CompilerServices;
using KvStore.Storage.Scheduling;

namespace KvStore.Storage.Tests.Scheduling;

public sealed class ThreadedSchedulerSpec
{
    [Fact]
    public void A_job_that_is_due_later_comes_though_nobody_holds_its_timer()
    {
        using var scheduler = new ThreadedScheduler(compactionThreads: 1);
        using var came = new ManualResetEventSlim();
        Schedule(scheduler, came);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(came.Wait(TimeSpan.FromSeconds(30)));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Schedule(ThreadedScheduler scheduler, ManualResetEventSlim came) =>
            scheduler.After(TimeSpan.FromMilliseconds(300), JobLane.Commit, came.Set);
    }
}
