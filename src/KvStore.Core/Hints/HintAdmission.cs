using KvStore.Core.Identity;

namespace KvStore.Core.Hints;

/// <summary>
/// The receiving side of hint delivery: a node that comes back would drown if all others delivered at their own pace, so it hands out
/// room itself. A bucket of bytes is filled at a rate that rises while the node is well and is halved when it is not; those who
/// asked lately share it evenly. One owner; not thread-safe.
/// </summary>
public sealed class HintAdmission(HintAdmissionOptions options)
{
    private readonly Dictionary<NodeId, TimeSpan> _askers = [];
    private long _rate = options.StartRate;
    private double _room;
    private TimeSpan _filled;
    private bool _started;

    /// <summary>Bytes a second now.</summary>
    public long Rate => _rate;

    /// <summary>How many of the hints and bytes asked for may come now; possibly none.</summary>
    public (int Hints, long Bytes) OnAsk(NodeId from, int hints, long bytes, TimeSpan now)
    {
        Fill(now);
        _askers[from] = now;
        foreach (var gone in _askers.Where(asker => now - asker.Value > options.ShareFor).Select(asker => asker.Key).ToList())
            _askers.Remove(gone);
        var share = Math.Max(0, (long)(_room / _askers.Count));
        if (hints <= 0 || bytes <= 0 || share == 0)
            return (0, 0);
        var granted = Math.Min(bytes, share);
        _room -= granted;
        return (hints, granted);
    }

    /// <summary>Once a second: whether clients' requests are being served as they should.</summary>
    public void OnHealth(bool isWell) =>
        _rate = isWell ? Math.Min(options.MaxRate, _rate + _rate / 2) : Math.Max(options.MinRate, _rate / 2);

    /// <summary>Room gathers for one second at most, but never for less than the largest object.</summary>
    private void Fill(TimeSpan now)
    {
        var elapsed = _started ? (now - _filled).TotalSeconds : 1;
        _started = true;
        _filled = now;
        _room = Math.Min(Math.Max(_rate, 8L << 20), _room + elapsed * _rate);
    }
}
