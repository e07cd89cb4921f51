namespace Troupe.Simulation;

/// <summary>What is still to happen, by (virtual time, a number drawn from the seed, order of arrival).</summary>
internal sealed class EventQueue(SimulationRandom random)
{
    private readonly PriorityQueue<SimulationEvent, (long Time, ulong Drawn, long Arrival)> _queue = new();
    private long _arrivals;

    /// <summary>Queued events that are activity, those of paused nodes and cancelled ones not among them.</summary>
    public int Activity { get; private set; }

    public void Add(SimulationEvent next)
    {
        if (next.IsActivity) Activity++;
        _queue.Enqueue(next, (next.Time.Ticks, random.NextUInt64(), _arrivals++));
    }

    /// <summary>Takes the next event that is due by <paramref name="limit"/>.</summary>
    public SimulationEvent? Take(TimeSpan limit)
    {
        while (_queue.TryPeek(out var next, out _))
        {
            if (!next.IsCancelled && next.Time > limit) return null;
            _queue.Dequeue();
            if (next.IsActivity) Activity--;
            if (!next.IsCancelled) return next;
        }
        return null;
    }
}
