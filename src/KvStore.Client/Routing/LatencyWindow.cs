namespace KvStore.Client.Routing;

/// <summary>How long the last reads took, and so when one is slow. Pure; one owner.</summary>
internal sealed class LatencyWindow
{
    private const int Size = 256;
    private const int Every = 64;

    /// <summary>Before enough reads are known.</summary>
    private static readonly TimeSpan Guess = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(2);

    private readonly TimeSpan[] _last = new TimeSpan[Size];
    private readonly TimeSpan[] _sorted = new TimeSpan[Size];
    private long _count;

    /// <summary>19 out of 20 reads were not slower than this.</summary>
    public TimeSpan Slow { get; private set; } = Guess;

    public void Add(TimeSpan latency)
    {
        _last[_count++ % Size] = latency;
        if (_count % Every != 0) return;
        var known = (int)Math.Min(_count, Size);
        _last.AsSpan(0, known).CopyTo(_sorted);
        _sorted.AsSpan(0, known).Sort();
        var slow = _sorted[known * 19 / 20];
        Slow = slow > Least ? slow : Least;
    }
}
