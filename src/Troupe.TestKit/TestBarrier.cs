namespace Akka.TestKit;

/// <summary>A meeting point: whoever awaits it goes on when all have come. Reusable. Any thread may call any member.</summary>
public class TestBarrier
{
    private readonly TestKitBase _testKit;
    private readonly TimeSpan _defaultTimeout;
    private readonly int _count;
    private Barrier _barrier;

    public TestBarrier(TestKitBase testKit, int count, TimeSpan? defaultTimeout = null)
    {
        _testKit = testKit;
        _count = count;
        _defaultTimeout = defaultTimeout ?? testKit.TestKitSettings.DefaultTimeout;
        _barrier = new Barrier(count);
    }

    public void Await() => Await(_defaultTimeout);

    /// <summary>Waits for the others; a TimeoutException after <paramref name="timeout"/> (dilated).</summary>
    public void Await(TimeSpan timeout)
    {
        var wait = _testKit.Dilated(timeout);
        if (!_barrier.SignalAndWait(wait))
        {
            throw new TimeoutException($"Not all {_count} participants reached the barrier within {wait}.");
        }
    }

    /// <summary>Starts over; whoever waits on the old barrier times out.</summary>
    public void Reset() => _barrier = new Barrier(_count);
}
