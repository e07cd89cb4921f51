namespace Akka.Remote;

/// <summary>The last intervals between heartbeats in milliseconds, with their running mean and deviation.</summary>
internal sealed class HeartbeatHistory(int capacity)
{
    private readonly Queue<double> _intervals = new();
    private double _sum;
    private double _squares;

    internal double Mean => _sum / _intervals.Count;

    internal double StdDeviation => Math.Sqrt(Math.Max(0, _squares / _intervals.Count - Mean * Mean));

    internal void Add(double interval)
    {
        if (_intervals.Count >= capacity && _intervals.TryDequeue(out var oldest))
        {
            _sum -= oldest;
            _squares -= oldest * oldest;
        }
        _intervals.Enqueue(interval);
        _sum += interval;
        _squares += interval * interval;
    }
}
