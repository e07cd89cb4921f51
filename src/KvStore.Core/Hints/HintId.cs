using KvStore.Core.Identity;

namespace KvStore.Core.Hints;

/// <summary>
/// Names one hint: that this node keeps the state of a key for an owner that could not be reached. There is one for each owner and key,
/// however many writes it stands for: what is delivered is the state at that moment.
/// </summary>
public readonly record struct HintId(NodeId Owner, PartitionId Partition, BucketKey Key);
