namespace KvStore.Core.Membership;

/// <summary>
/// A circuit breaker for requests to one peer. Closed: requests go. Open: none should go, until a pause is over. The requests that go
/// then are trials: a success closes the breaker, a failure opens it again for twice as long. One owner; not thread-safe.
/// </summary>
public sealed class PeerBreaker(BreakerOptions options)
{
    private int _inARow;
    private int _failures;
    private int _requests;
    private int _openings;
    private TimeSpan _periodEnd;
    private TimeSpan _openUntil;
    private bool _isOpen;

    /// <summary>Whether requests may go now.</summary>
    public bool Allows(TimeSpan now) => !_isOpen || now >= _openUntil;

    /// <summary>A request was answered, with whatever answer.</summary>
    public void OnSuccess(TimeSpan now)
    {
        Count(now);
        _inARow = 0;
        _isOpen = false;
        _openings = 0;
    }

    /// <summary>A request was not answered in time, or could not be sent.</summary>
    public void OnFailure(TimeSpan now)
    {
        Count(now);
        _inARow++;
        _failures++;
        var tripped = _inARow >= options.ConsecutiveFailures
            || (_requests >= options.MinRequests && _failures >= _requests * options.FailureRatio);
        if (_isOpen ? now >= _openUntil : tripped)
            Open(now);
    }

    /// <summary>Requests cannot be sent at all: open at once, or again if this was the trial.</summary>
    public void Trip(TimeSpan now)
    {
        if (Allows(now))
            Open(now);
    }

    private void Open(TimeSpan now)
    {
        _isOpen = true;
        var pause = Math.Min(options.OpenMax.Ticks, options.OpenMin.Ticks << Math.Min(_openings++, 20));
        _openUntil = now + TimeSpan.FromTicks(pause);
    }

    private void Count(TimeSpan now)
    {
        if (now >= _periodEnd)
        {
            _periodEnd = now + options.Period;
            _requests = 0;
            _failures = 0;
        }

        _requests++;
    }
}
