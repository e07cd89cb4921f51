namespace Troupe.Simulation;

/// <summary>The state of the line from one node to another.</summary>
internal sealed class SimulatedLink(LinkOptions options)
{
    public LinkOptions Options { get; set; } = options;

    public bool IsCut { get; set; }

    public TimeSpan CloggedUntil { get; set; }

    public void Reset(LinkOptions calm)
    {
        Options = calm;
        IsCut = false;
        CloggedUntil = TimeSpan.Zero;
    }
}
