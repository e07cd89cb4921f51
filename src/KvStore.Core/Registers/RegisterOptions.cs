namespace KvStore.Core.Registers;

/// <summary>Timing of rounds on strong keys and on the ring log.</summary>
public sealed record RegisterOptions
{
    /// <summary>How long one round may take before the next is tried.</summary>
    public TimeSpan RoundTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The first pause after a lost round; doubled each time, with jitter.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest pause between rounds.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The pause before attempt number <paramref name="attempt"/>: between half and all of the doubled minimum.</summary>
    public TimeSpan Backoff(int attempt, ulong random)
    {
        var doubled = Math.Min(BackoffMax.Ticks, BackoffMin.Ticks << Math.Min(attempt, 20));
        return TimeSpan.FromTicks(doubled / 2 + (long)(random % (ulong)(doubled / 2 + 1)));
    }
}
