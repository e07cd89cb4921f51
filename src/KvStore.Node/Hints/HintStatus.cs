using KvStore.Core.Identity;

namespace KvStore.Node.Hints;

/// <summary>What one node keeps for others, for operators.</summary>
/// <param name="Hints">How many hints there are.</param>
/// <param name="Bytes">The size of what they stand for.</param>
/// <param name="Owners">How many wait for each owner.</param>
/// <param name="Delivered">Deliveries confirmed since the start.</param>
/// <param name="GivenUp">Partitions left to anti-entropy since the start: past the window, or no room.</param>
/// <param name="TakingRate">At how many bytes a second this node would take in what others keep for it.</param>
public sealed record HintStatus(long Hints, long Bytes, IReadOnlyList<HintsWaiting> Owners, long Delivered, long GivenUp, long TakingRate);

/// <summary>How many hints wait for one owner.</summary>
public sealed record HintsWaiting(NodeId Owner, int Hints);
