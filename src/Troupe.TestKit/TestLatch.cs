namespace Akka.TestKit;

/// <summary>
/// Opens when it has been counted down; <see cref="Ready()"/> waits for that. Any thread may call any member.
/// </summary>
public class TestLatch
{
    private readonly CountdownEvent _count;
    private readonly TimeSpan _defaultTimeout;
    private readonly Func<TimeSpan, TimeSpan> _dilate;

    public TestLatch()
        : this(1)
    {
    }

    public TestLatch(int count)
        : this(count, TimeSpan.FromSeconds(5))
    {
    }

    public TestLatch(int count, TimeSpan defaultTimeout)
        : this(static timeout => timeout, defaultTimeout, count)
    {
    }

    protected TestLatch(Func<TimeSpan, TimeSpan> dilate, TimeSpan defaultTimeout, int count)
    {
        _dilate = dilate;
        _defaultTimeout = defaultTimeout;
        _count = new CountdownEvent(count);
    }

    public bool IsOpen => _count.IsSet;

    /// <summary>One less to wait for. Throws when the latch is open already.</summary>
    public void CountDown() => _count.Signal();

    /// <summary>Opens at once, whatever the count.</summary>
    public void Open()
    {
        while (!_count.IsSet)
        {
            try
            {
                _count.Signal();
            }
            catch (InvalidOperationException)
            {
                // Somebody else opened it in between.
            }
        }
    }

    public void Reset() => _count.Reset();

    /// <summary>Waits until the latch is open; a TimeoutException after <paramref name="timeout"/>.</summary>
    public void Ready(TimeSpan timeout)
    {
        if (timeout == TimeSpan.MaxValue)
        {
            throw new ArgumentException("A wait in a test must have an end, but the timeout is TimeSpan.MaxValue.", nameof(timeout));
        }
        if (!_count.Wait(_dilate(timeout)))
        {
            throw new TimeoutException($"The latch is still closed after {_dilate(timeout)}: {_count.CurrentCount} count(s) are missing.");
        }
    }

    public void Ready() => Ready(_defaultTimeout);
}
