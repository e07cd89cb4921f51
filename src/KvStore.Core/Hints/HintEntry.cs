using KvStore.Core.Identity;

namespace KvStore.Core.Hints;

/// <summary>One hint in a <see cref="HintBook"/>, which owns it.</summary>
internal sealed class HintEntry(HintId id, TimeSpan since, bool counts)
{
    public HintId Id => id;

    /// <summary>When the first of the writes it stands for was kept: coalescing does not make a hint younger.</summary>
    public TimeSpan Since => since;

    /// <summary>Whether a quorum counted this copy: it may then go only when somebody responsible has it.</summary>
    public bool Counts { get; set; } = counts;

    /// <summary>The size of the state, in bytes.</summary>
    public int Bytes { get; set; }

    /// <summary>Another one with each write that comes in, so that a delivery of the state before does not end it.</summary>
    public ulong Generation { get; set; }

    /// <summary>Where it is on its way to, or none.</summary>
    public NodeId InFlightTo { get; set; }

    /// <summary>Past the window: any primary will do.</summary>
    public bool IsOverdue { get; set; }
}
