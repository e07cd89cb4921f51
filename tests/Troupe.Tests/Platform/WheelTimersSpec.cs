using Troupe.Platform;

namespace Troupe.Tests.Platform;

public sealed class WheelTimersSpec : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly RealSeams _seams = new(TimeSpan.FromMilliseconds(1));

    public void Dispose() => _seams.Shutdown();

    [Fact]
    public async Task A_timer_fires_once_with_its_state_and_not_before_its_delay()
    {
        var fired = new TaskCompletionSource<(object?, TimeSpan)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = _seams.Clock.Monotonic;
        var handle = _seams.Timers.Schedule(
            TimeSpan.FromMilliseconds(20), state => fired.SetResult((state, _seams.Clock.Monotonic)), "state");
        var (state, at) = await fired.Task.WaitAsync(Patience);
        Assert.Equal("state", state);
        Assert.True(at - start >= TimeSpan.FromMilliseconds(20));
        Assert.False(handle.Cancel());
    }

    [Fact]
    public async Task An_earlier_timer_is_not_kept_waiting_by_a_later_one()
    {
        _seams.Timers.Schedule(TimeSpan.FromHours(1), _ => { }, null);
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _seams.Timers.Schedule(TimeSpan.FromMilliseconds(10), _ => fired.SetResult(), null);
        await fired.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Timers_with_one_delay_fire_in_the_order_in_which_they_were_scheduled()
    {
        var fired = new List<int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < 100; i++)
        {
            _seams.Timers.Schedule(TimeSpan.FromMilliseconds(30), number =>
            {
                fired.Add((int)number!);
                if (fired.Count == 100)
                    all.SetResult();
            }, i);
        }
        await all.Task.WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, 100), fired);
    }

    [Fact]
    public async Task A_cancelled_timer_never_fires()
    {
        var later = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fired = false;
        var handle = _seams.Timers.Schedule(TimeSpan.FromSeconds(2), _ => fired = true, null);
        Assert.True(handle.Cancel());
        Assert.False(handle.Cancel());
        _seams.Timers.Schedule(TimeSpan.FromSeconds(2.1), _ => later.SetResult(), null);
        await later.Task.WaitAsync(Patience);
        Assert.False(fired);
    }
}
