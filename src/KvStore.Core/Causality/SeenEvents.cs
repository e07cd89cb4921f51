namespace KvStore.Core.Causality;

/// <summary>
/// Which events a replica has surely seen, for every key of its partition: those up to its watermarks, and its own. A version
/// among them that its key does not hold any more was superseded or reaped, and a late copy of it is refused.
/// </summary>
/// <param name="Watermarks">For each incarnation, the counter up to which a complete exchange has shown everything.</param>
/// <param name="Own">The last dot that the replica itself minted; default when it minted none in this tenure.</param>
public readonly record struct SeenEvents(VersionVector Watermarks, Dot Own)
{
    /// <summary>Nothing is sure.</summary>
    public static readonly SeenEvents None = new(VersionVector.Empty, default);

    /// <summary>Whether the event is among them.</summary>
    public bool Covers(Dot dot) =>
        (Own.Counter >= dot.Counter && Own.Incarnation == dot.Incarnation) || Watermarks.Covers(dot);

    /// <summary>Whether all events that a clock knows are among them.</summary>
    public bool Covers(VersionVector clock)
    {
        foreach (ref readonly var entry in clock.Entries)
        {
            if (!Covers(entry))
                return false;
        }

        return true;
    }
}
