namespace KvStore.Core.Causality;

/// <summary>
/// What a reader has seen of one key: given to it with a read's answer, handed back with the write that is based on it.
/// Outside it travels as an opaque sealed token (<see cref="CausalContextCodec"/>).
/// </summary>
/// <param name="Seen">The clock of the state that was read; it covers every version shown, and those not shown.</param>
/// <param name="Latest">The latest timestamp among them, so that an <c>lww</c> write based on them is later.</param>
public sealed record CausalContext(VersionVector Seen, HybridTimestamp Latest)
{
    /// <summary>Has seen nothing: a write with it stands beside whatever is there.</summary>
    public static readonly CausalContext None = new(VersionVector.Empty, HybridTimestamp.None);

    /// <summary>The context of one who has seen a state.</summary>
    public static CausalContext Of(SiblingSet set) =>
        set.IsEmpty ? None : new CausalContext(set.Context, SiblingView.Latest(set)!.Timestamp);
}
