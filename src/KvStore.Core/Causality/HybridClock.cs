namespace KvStore.Core.Causality;

/// <summary>
/// The clock that stamps versions of <c>lww</c> buckets. One for each replica, owned by it; not thread-safe.
/// <para>Invariants: (1) every stamp is later than any stamped or observed before, also when the wall clock steps back;
/// (2) nothing further ahead of the wall clock than <see cref="MaxAhead"/> is ever taken over, so one bad clock cannot
/// drag the others into the future.</para>
/// <para>After Kulkarni, Demirbas et al., "Logical Physical Clocks" (2014).</para>
/// </summary>
public sealed class HybridClock(HybridTimestamp floor)
{
    /// <summary>How far ahead of the own wall clock a foreign stamp may be.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The latest instant stamped or observed; kept with the replica's data, it is the floor of the next start.
    /// </summary>
    public HybridTimestamp Last { get; private set; } = floor;

    /// <summary>Whether a foreign stamp is too far in the future to be believed.</summary>
    public static bool IsTooFarAhead(HybridTimestamp stamp, long wallMilliseconds) =>
        stamp.Milliseconds > wallMilliseconds + (long)MaxAhead.TotalMilliseconds;

    /// <summary>Stamps a new event.</summary>
    public HybridTimestamp Next(long wallMilliseconds)
    {
        var wall = HybridTimestamp.AtMilliseconds(wallMilliseconds);
        Last = wall > Last ? wall : new HybridTimestamp(Last.Value + 1);
        return Last;
    }

    /// <summary>Takes over a foreign stamp, so that what is stamped next is later; false when it is too far ahead.</summary>
    public bool Observe(HybridTimestamp stamp, long wallMilliseconds)
    {
        if (IsTooFarAhead(stamp, wallMilliseconds))
            return false;
        if (stamp > Last)
            Last = stamp;
        return true;
    }
}
