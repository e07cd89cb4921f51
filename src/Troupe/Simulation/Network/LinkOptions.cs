using System.Globalization;

namespace Troupe.Simulation;

/// <summary>One direction of the line between two nodes.</summary>
public sealed record LinkOptions
{
    /// <summary>No byte is faster.</summary>
    public TimeSpan MinDelay { get; init; } = TimeSpan.FromMicroseconds(50);

    /// <summary>The mean; what exceeds the minimum is exponentially distributed.</summary>
    public TimeSpan MeanDelay { get; init; } = TimeSpan.FromMicroseconds(500);

    /// <summary>Bytes per second of each stream; 0 is without limit.</summary>
    public long BytesPerSecond { get; init; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"min={SimulationOptions.Us(MinDelay)} mean={SimulationOptions.Us(MeanDelay)} rate={BytesPerSecond}B/s");

    internal TimeSpan Draw(SimulationRandom random) =>
        MinDelay + (MeanDelay > MinDelay ? random.Exponential(MeanDelay - MinDelay) : TimeSpan.Zero);

    internal TimeSpan TimeToSend(int bytes) =>
        BytesPerSecond <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)bytes / BytesPerSecond);
}
