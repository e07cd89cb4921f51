using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Available until no heartbeat has come for one interval and the acceptable pause.</summary>
public class DeadlineFailureDetector : FailureDetector
{
    private const long Never = long.MinValue;

    private readonly long _deadlineMilliseconds;
    private readonly Clock _clock;
    private long _last = Never;

    public DeadlineFailureDetector(TimeSpan acceptableHeartbeatPause, TimeSpan heartbeatInterval, Clock? clock = null)
    {
        if (acceptableHeartbeatPause < TimeSpan.Zero)
            throw new ArgumentException("The acceptable heartbeat pause must not be negative.", nameof(acceptableHeartbeatPause));
        if (heartbeatInterval <= TimeSpan.Zero)
            throw new ArgumentException("The heartbeat interval must be positive.", nameof(heartbeatInterval));
        _deadlineMilliseconds = (long)(acceptableHeartbeatPause + heartbeatInterval).TotalMilliseconds;
        _clock = clock ?? DefaultClock;
    }

    public DeadlineFailureDetector(Config config, EventStream eventStream) : this(config, DefaultClock)
    {
    }

    internal DeadlineFailureDetector(Config config, Clock clock)
        : this(config.GetTimeSpan("acceptable-heartbeat-pause"), config.GetTimeSpan("heartbeat-interval"), clock)
    {
    }

    public override bool IsAvailable
    {
        get
        {
            var last = Volatile.Read(ref _last);
            return last == Never || _clock() < last + _deadlineMilliseconds;
        }
    }

    public override bool IsMonitoring => Volatile.Read(ref _last) != Never;

    public override void HeartBeat() => Volatile.Write(ref _last, _clock());
}
