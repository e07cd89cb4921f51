using System.Collections.Concurrent;
using Troupe.Platform;

namespace Troupe.Tests.Platform;

public sealed class RealExecutorSpec
{
    [Fact]
    public void A_pinned_executor_runs_everything_in_order_on_one_thread()
    {
        var executor = new DedicatedExecutor("pinned", 1);
        var seen = new ConcurrentQueue<(int Number, int Thread)>();
        using var done = new CountdownEvent(100);
        for (var i = 0; i < 100; i++)
        {
            var number = i;
            executor.Execute(new Item(() => { seen.Enqueue((number, Environment.CurrentManagedThreadId)); done.Signal(); }));
        }
        Assert.True(done.Wait(TimeSpan.FromSeconds(10)));
        executor.Shutdown();
        Assert.Equal(Enumerable.Range(0, 100), seen.Select(entry => entry.Number));
        Assert.Single(seen.Select(entry => entry.Thread).Distinct());
    }

    [Fact]
    public void A_dedicated_executor_runs_as_many_items_at_once_as_it_has_threads()
    {
        var executor = new DedicatedExecutor("pool", 3);
        using var together = new Barrier(3);
        using var done = new CountdownEvent(3);
        for (var i = 0; i < 3; i++)
            executor.Execute(new Item(() => { if (together.SignalAndWait(TimeSpan.FromSeconds(10))) done.Signal(); }));
        Assert.True(done.Wait(TimeSpan.FromSeconds(10)));
        executor.Shutdown();
    }

    [Fact]
    public void After_shutdown_nothing_is_accepted()
    {
        var executor = new DedicatedExecutor("closed", 1);
        executor.Shutdown();
        var ran = false;
        executor.Execute(new Item(() => ran = true));
        Assert.False(ran);
    }

    private sealed class Item(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}
