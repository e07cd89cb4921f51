namespace KvStore.Core.Coordination;

/// <summary>The evidence that an answer comes with: who stood for it.</summary>
/// <param name="Primaries">Answers or acknowledgements of owners (of old and new ones each, the smaller number while
/// moving).</param>
/// <param name="Fallbacks">Those of stand-ins, which later reads need not meet.</param>
/// <param name="Durable">Acknowledgements from disk; 0 for reads.</param>
/// <param name="Hints">Copies kept for owners that could not be reached; 0 for reads.</param>
/// <param name="Failed">Replicas that refused, broke or stayed silent.</param>
public readonly record struct OperationTally(int Primaries, int Fallbacks, int Durable, int Hints, int Failed)
{
    public override string ToString() =>
        $"primaries {Primaries}, fallbacks {Fallbacks}, durable {Durable}, hints {Hints}, failed {Failed}";
}
