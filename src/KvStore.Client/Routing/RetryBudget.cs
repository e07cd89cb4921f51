namespace KvStore.Client.Routing;

/// <summary>
/// How many attempts beyond the first are allowed: a share of the requests, saved up for ten seconds, and ten a second in any case. Pure;
/// one owner. After Finagle's retry budgets.
/// </summary>
internal sealed class RetryBudget(double share)
{
    private const double FloorPerSecond = 10;
    private const double Seconds = 10;

    private double _earned;
    private double _floor = FloorPerSecond;
    private TimeSpan _at;

    /// <summary>A request begins.</summary>
    public void OnRequest(TimeSpan now)
    {
        Pass(now);
        _earned = Math.Min(_earned + share, share * 10_000);
    }

    /// <summary>One attempt more, if it is allowed.</summary>
    public bool TrySpend(TimeSpan now)
    {
        Pass(now);
        if (_earned >= 1) _earned--;
        else if (_floor >= 1) _floor--;
        else return false;
        return true;
    }

    private void Pass(TimeSpan now)
    {
        var passed = Math.Max(0, (now - _at).TotalSeconds);
        _at = now;
        _floor = Math.Min(FloorPerSecond, _floor + passed * FloorPerSecond);
        _earned *= Math.Max(0, 1 - passed / Seconds);
    }
}
