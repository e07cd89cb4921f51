using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>
/// The phi accrual detector (Hayashibara et al., SRDS 2004): how unlikely is the present silence, given the intervals seen so
/// far? Phi is
/// the negative logarithm of that likelihood, taken from a normal distribution; the resource is available while phi is below the
/// threshold.
/// </summary>
public class PhiAccrualFailureDetector : FailureDetector
{
    private readonly double _threshold;
    private readonly double _minStdDeviation;
    private readonly double _acceptablePause;
    private readonly HeartbeatHistory _history;
    private readonly Clock _clock;
    private readonly Lock _gate = new();
    private long? _last;

    public PhiAccrualFailureDetector(double threshold, int maxSampleSize, TimeSpan minStdDeviation,
        TimeSpan acceptableHeartbeatPause, TimeSpan firstHeartbeatEstimate, Clock? clock = null)
    {
        if (!(threshold > 0))
            throw new ArgumentException("The threshold must be positive.", nameof(threshold));
        if (maxSampleSize < 1)
            throw new ArgumentException("The sample must have room for at least one interval.", nameof(maxSampleSize));
        if (minStdDeviation <= TimeSpan.Zero)
            throw new ArgumentException("The least standard deviation must be positive.", nameof(minStdDeviation));
        if (acceptableHeartbeatPause < TimeSpan.Zero)
            throw new ArgumentException("The acceptable pause must not be negative.", nameof(acceptableHeartbeatPause));
        if (firstHeartbeatEstimate <= TimeSpan.Zero)
            throw new ArgumentException("The first estimate must be positive.", nameof(firstHeartbeatEstimate));
        _threshold = threshold;
        _minStdDeviation = minStdDeviation.TotalMilliseconds;
        _acceptablePause = acceptableHeartbeatPause.TotalMilliseconds;
        _clock = clock ?? DefaultClock;
        _history = new HeartbeatHistory(maxSampleSize);
        // Two intervals around the estimate: a mean and some spread before anything has been measured.
        var estimate = firstHeartbeatEstimate.TotalMilliseconds;
        _history.Add(estimate - estimate / 4);
        _history.Add(estimate + estimate / 4);
    }

    public PhiAccrualFailureDetector(Config config, EventStream ev) : this(config, DefaultClock)
    {
    }

    internal PhiAccrualFailureDetector(Config config, Clock clock)
        : this(config.GetDouble("threshold"), config.GetInt("max-sample-size"), config.GetTimeSpan("min-std-deviation"),
            config.GetTimeSpan("acceptable-heartbeat-pause"), FirstEstimate(config), clock)
    {
    }

    /// <summary>Whom this detector watches; for the log.</summary>
    public string Address { get; set; } = "N/A";

    public override bool IsAvailable => Phi < _threshold;

    public override bool IsMonitoring
    {
        get
        {
            lock (_gate)
                return _last is not null;
        }
    }

    /// <summary>0 before the first heartbeat.</summary>
    internal double Phi
    {
        get
        {
            lock (_gate)
            {
                return _last is { } last
                    ? PhiOf(_clock() - last, _history.Mean + _acceptablePause, Math.Max(_history.StdDeviation, _minStdDeviation))
                    : 0;
            }
        }
    }

    public override void HeartBeat()
    {
        lock (_gate)
        {
            var now = _clock();
            // The silence that made the resource unavailable is no sample of its rhythm.
            if (_last is { } last && IsAvailableAt(now - last))
                _history.Add(now - last);
            _last = now;
        }
    }

    /// <summary>
    /// Minus the logarithm of the likelihood of a silence this long, all in milliseconds. The normal distribution's tail is taken
    /// by the logistic approximation (error below 0.0002), which stays exact where the tail itself underflows.
    /// </summary>
    internal static double PhiOf(double silence, double mean, double deviation)
    {
        var y = (silence - mean) / deviation;
        var e = Math.Exp(-y * (1.5976 + 0.070566 * y * y));
        return silence > mean ? -Math.Log10(e / (1.0 + e)) : -Math.Log10(1.0 - 1.0 / (1.0 + e));
    }

    private bool IsAvailableAt(double silence) =>
        PhiOf(silence, _history.Mean + _acceptablePause, Math.Max(_history.StdDeviation, _minStdDeviation)) < _threshold;

    private static TimeSpan FirstEstimate(Config config) =>
        config.HasPath("expected-response-after")
            ? config.GetTimeSpan("heartbeat-interval") + config.GetTimeSpan("expected-response-after") / 2
            : config.GetTimeSpan("heartbeat-interval");
}
