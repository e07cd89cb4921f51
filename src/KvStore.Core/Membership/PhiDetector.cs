namespace KvStore.Core.Membership;

/// <summary>
/// Suspicion of one peer as a number that grows with its silence: Hayashibara et al., "The phi accrual failure detector" (2004).
/// phi = -log10 of the chance that a beat is still to come after so long a silence, intervals taken as normally distributed
/// over the last <see cref="WindowSize"/> of them; of one that was suspicious only so much counts as was not yet: an outage is no interval, and what has
/// become slow is learnt step by step. One owner; not thread-safe.
/// </summary>
public sealed class PhiDetector(GossipOptions options)
{
    /// <summary>How many intervals are remembered.</summary>
    public const int WindowSize = 64;

    private readonly float[] _window = new float[WindowSize];
    private TimeSpan _last;
    private int _beats;
    private int _held;
    private double _sum;
    private double _sumOfSquares;

    /// <summary>A beat, straight or through others, has come.</summary>
    public void OnBeat(TimeSpan now)
    {
        if (_beats++ > 0)
            Remember((float)Math.Min((now - _last).TotalSeconds, Longest()));
        _last = now;
    }

    /// <summary>The suspicion now; 0 for a peer never heard of.</summary>
    public double Phi(TimeSpan now)
    {
        if (_beats == 0)
            return 0;
        var (mean, deviation) = Usual();
        var silence = (now - _last - options.AcceptablePause).TotalSeconds;
        return silence <= 0 ? 0 : MinusLogOfTail((silence - mean) / deviation);
    }

    private (double Mean, double Deviation) Usual()
    {
        var mean = _held == 0 ? options.Interval.TotalSeconds : _sum / _held;
        var variance = _held < 2 ? Math.Pow(mean / 4, 2) : Math.Max(0, _sumOfSquares / _held - mean * mean);
        return (mean, Math.Max(Math.Sqrt(variance), options.MinDeviation.TotalSeconds));
    }

    /// <summary>About where suspicion begins: a tail of 10^-8 is between five and six deviations away.</summary>
    private double Longest()
    {
        var (mean, deviation) = Usual();
        return mean + options.AcceptablePause.TotalSeconds + 6 * deviation;
    }

    /// <summary>
    /// -log10 of the upper tail of the normal distribution, by the logistic approximation 1 / (1 + e^(y (1.5976 + 0.070566 y^2))).
    /// Computed without the power itself, which would vanish long before suspicion is certain.
    /// </summary>
    private static double MinusLogOfTail(double y)
    {
        var exponent = y * (1.5976 + 0.070566 * y * y);
        var log = exponent > 30 ? exponent : Math.Log(1 + Math.Exp(exponent));
        return log / Math.Log(10);
    }

    private void Remember(float interval)
    {
        var slot = (_beats - 2) % WindowSize;
        if (_held == WindowSize)
        {
            _sum -= _window[slot];
            _sumOfSquares -= (double)_window[slot] * _window[slot];
        }
        else
        {
            _held++;
        }

        _window[slot] = interval;
        _sum += interval;
        _sumOfSquares += (double)interval * interval;
    }
}
