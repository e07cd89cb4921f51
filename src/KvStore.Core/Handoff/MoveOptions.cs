namespace KvStore.Core.Handoff;

/// <summary>How fast a ring change is carried out.</summary>
public sealed record MoveOptions
{
    /// <summary>How many partitions may be on the move at once; the rest wait their turn.</summary>
    public int MaxMoving { get; init; } = 16;
}
