using System.Numerics;

namespace Troupe.Platform;

/// <summary>
/// A hashed timing wheel (Varghese and Lauck, 1987), without time of its own: the owner says which tick it is.
/// <para>Thread rule: none of its own; the owner locks.</para>
/// Invariants:
/// <list type="number">
/// <item>An entry is linked in exactly one bucket, that of its due tick, from Add until Remove or until it is due.</item>
/// <item>Add and Remove are O(1); a bit per bucket says whether it holds anything.</item>
/// <item>An entry never becomes due before its tick, and at the first Advance at or after it.</item>
/// <item>Entries of one tick become due in the order in which they were added.</item>
/// </list>
/// </summary>
internal sealed class TimerWheel
{
    private const int BucketCount = 512;
    private const int Mask = BucketCount - 1;

    private readonly Entry?[] _buckets = new Entry?[BucketCount];
    private readonly Entry?[] _tails = new Entry?[BucketCount];
    private readonly ulong[] _occupied = new ulong[BucketCount / 64];
    private long _now;

    internal int Count { get; private set; }

    internal class Entry
    {
        internal long DueTick;
        internal Entry? Next;
        internal Entry? Previous;
        internal bool Linked;
    }

    /// <summary>
    /// Links the entry so that it is due at <paramref name="dueTick"/>, or at the next tick if that has passed.
    /// </summary>
    internal void Add(Entry entry, long dueTick)
    {
        entry.DueTick = Math.Max(dueTick, _now + 1);
        var bucket = (int)(entry.DueTick & Mask);
        entry.Next = null;
        entry.Previous = _tails[bucket];
        if (entry.Previous is not null)
            entry.Previous.Next = entry;
        else
            _buckets[bucket] = entry;
        _tails[bucket] = entry;
        _occupied[bucket >> 6] |= 1UL << (bucket & 63);
        entry.Linked = true;
        Count++;
    }

    /// <summary>False when the entry is not in the wheel (any more).</summary>
    internal bool Remove(Entry entry)
    {
        if (!entry.Linked)
            return false;
        Unlink(entry);
        return true;
    }

    /// <summary>
    /// Moves on to <paramref name="tick"/> and adds all entries that are due by then to <paramref name="due"/>.
    /// </summary>
    internal void Advance(long tick, List<Entry> due)
    {
        if (Count > 0)
        {
            var last = Math.Min(tick, _now + BucketCount);
            for (var t = _now + 1; t <= last; t++)
                CollectDue((int)(t & Mask), tick, due);
        }
        _now = Math.Max(_now, tick);
    }

    /// <summary>
    /// The next tick at which something may be due, never later than the first due entry: entries more than a turn away
    /// wake the owner once a turn. <see cref="long.MaxValue"/> when the wheel is empty.
    /// </summary>
    internal long NextTick()
    {
        if (Count == 0)
            return long.MaxValue;
        var start = (int)((_now + 1) & Mask);
        var word = start >> 6;
        var bits = _occupied[word] & (ulong.MaxValue << (start & 63));
        for (var i = 0; i <= _occupied.Length; i++)
        {
            if (bits != 0)
            {
                var bucket = (word << 6) + BitOperations.TrailingZeroCount(bits);
                return _now + 1 + ((bucket - start) & Mask);
            }
            word = (word + 1) % _occupied.Length;
            bits = _occupied[word];
        }
        throw new InvalidOperationException("The wheel counts entries that no bucket holds.");
    }

    private void CollectDue(int bucket, long tick, List<Entry> due)
    {
        for (var entry = _buckets[bucket]; entry is not null;)
        {
            var next = entry.Next;
            if (entry.DueTick <= tick)
            {
                Unlink(entry);
                due.Add(entry);
            }
            entry = next;
        }
    }

    private void Unlink(Entry entry)
    {
        var bucket = (int)(entry.DueTick & Mask);
        if (entry.Previous is not null)
            entry.Previous.Next = entry.Next;
        else
            _buckets[bucket] = entry.Next;
        if (entry.Next is not null)
            entry.Next.Previous = entry.Previous;
        else
            _tails[bucket] = entry.Previous;
        if (_buckets[bucket] is null)
            _occupied[bucket >> 6] &= ~(1UL << (bucket & 63));
        entry.Next = entry.Previous = null;
        entry.Linked = false;
        Count--;
    }
}
