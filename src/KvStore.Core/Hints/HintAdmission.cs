using KvStore.Core.Identity;

namespace KvStore.Core.Hints;

/// <summary>
/// The receiving side of hint delivery: a node that comes back would drown if all others delivered at their own pace, so it hands out
/// room itself. A bucket of bytes is filled at a rate that rises while the node is well and is halved when it is not; those who
/// asked lately share it evenly. One owner; not thread-safe.
/// <para>Invariants: (1) what is granted is enough for the first hint of who asked, and nothing is taken from the bucket for who gets
/// nothing; (2) whoever goes on asking gets room in the end, however large its first hint: those whose share does not do wait in line and
/// save up their shares, and the first in the line may have the whole bucket; (3) what is saved is part of the bucket.</para>
/// </summary>
public sealed class HintAdmission(HintAdmissionOptions options)
{
    /// <summary>So much gathers at least, whatever the rate: an object as large as a client may make one, and room to spare.</summary>
    private const long LargestObject = 8L << 20;

    private readonly Dictionary<NodeId, Asker> _askers = [];
    private long _rate = options.StartRate;
    private double _room;
    private TimeSpan _filled;
    private long _lastPlace;
    private bool _started;

    /// <summary>Bytes a second now.</summary>
    public long Rate => _rate;

    private long Capacity => Math.Max(_rate, LargestObject);

    private double Saved => _askers.Values.Sum(asker => asker.Saved);

    /// <summary>How many of the hints and bytes asked for may come now; possibly none, and never less than the first of them.</summary>
    /// <param name="from">Who asks.</param>
    /// <param name="hints">How many it has.</param>
    /// <param name="bytes">How much that is.</param>
    /// <param name="first">How much the first of them is; a bucket that is full does for any.</param>
    /// <param name="now">The monotonic clock.</param>
    public (int Hints, long Bytes) OnAsk(NodeId from, int hints, long bytes, int first, TimeSpan now)
    {
        var asker = Known(from, now);
        Fill(now);
        if (hints <= 0 || bytes <= 0)
            return (0, 0);
        var need = Math.Clamp(first, 1, Capacity);
        var share = asker.Saved + (_room - Saved) / _askers.Count;
        if (share >= need)
            return Grant(asker, hints, Math.Max(first, Math.Min(bytes, (long)share)));
        if (asker.Place == 0)
            (asker.Place, asker.Saved) = (++_lastPlace, share);
        return _room >= need && IsFirstInLine(asker) ? Grant(asker, hints, Math.Max(first, need)) : (0, 0);
    }

    /// <summary>Once a second: whether clients' requests are being served as they should.</summary>
    public void OnHealth(bool isWell) =>
        _rate = isWell ? Math.Min(options.MaxRate, _rate + _rate / 2) : Math.Max(options.MinRate, _rate / 2);

    /// <summary>
    /// Room gathers for one second at most, but never for less than the largest object. Who waits in line saves up a share of what
    /// comes in.
    /// </summary>
    private void Fill(TimeSpan now)
    {
        var inflow = (_started ? (now - _filled).TotalSeconds : 1) * _rate;
        _started = true;
        _filled = now;
        _room = Math.Min(Capacity, _room + inflow);
        foreach (var waiting in _askers.Values.Where(asker => asker.Place != 0))
            waiting.Saved += inflow / _askers.Count;
        KeepSavedWithinRoom();
    }

    /// <summary>The one who asks; those who have not for a while are forgotten, with their places in the line.</summary>
    private Asker Known(NodeId from, TimeSpan now)
    {
        if (!_askers.TryGetValue(from, out var known))
            _askers.Add(from, known = new Asker());
        known.AskedAt = now;
        foreach (var (gone, _) in _askers.Where(asker => now - asker.Value.AskedAt > options.ShareFor).ToList())
            _askers.Remove(gone);
        return known;
    }

    private bool IsFirstInLine(Asker asker) => !_askers.Values.Any(other => other.Place != 0 && other.Place < asker.Place);

    private (int Hints, long Bytes) Grant(Asker asker, int hints, long bytes)
    {
        (asker.Place, asker.Saved) = (0, 0);
        _room = Math.Max(0, _room - bytes);
        KeepSavedWithinRoom();
        return (hints, bytes);
    }

    /// <summary>What there is not, nobody has saved: a full bucket takes in no more, and the first in the line may take from all.</summary>
    private void KeepSavedWithinRoom()
    {
        var saved = Saved;
        if (saved <= _room)
            return;
        foreach (var asker in _askers.Values)
            asker.Saved *= _room / saved;
    }

    private sealed class Asker
    {
        public TimeSpan AskedAt { get; set; }

        /// <summary>Its place in the line of those whose share did not do; 0 when it is not in the line.</summary>
        public long Place { get; set; }

        /// <summary>What is set aside for it of the room, in bytes; nothing out of the line.</summary>
        public double Saved { get; set; }
    }
}
