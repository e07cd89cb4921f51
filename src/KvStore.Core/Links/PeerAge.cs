namespace KvStore.Core.Links;

/// <summary>
/// How old a message from one peer process is, without trusting clocks to agree: its age is the difference between the own clock now and
/// the peer's at sending, less the least such difference seen. One owner; not thread-safe.
/// <para>Invariants: (1) the age is never more than the time the message was under way, and the drift in it, as long as the clocks drift by no
/// more than allowed: nothing is dropped before its time; (2) it is less by no more than the quickest message's time under way, and what
/// the clocks may have drifted since that.</para>
/// </summary>
/// <param name="maxDrift">How far the two clocks may drift apart, as a share of the time that passes.</param>
public sealed class PeerAge(double maxDrift)
{
    private TimeSpan _least;
    private TimeSpan _at;
    private bool _any;

    /// <summary>The age of a message that came now; both clocks are monotonic.</summary>
    public TimeSpan OnReceived(TimeSpan sentAt, TimeSpan now)
    {
        var difference = now - sentAt;
        var least = _least + (now - _at) * maxDrift;
        _least = !_any || difference < least ? difference : least;
        (_any, _at) = (true, now);
        return difference - _least;
    }
}
