using KvStore.Core.Identity;

namespace KvStore.Core.Handoff;

/// <summary>One stream: a partition, from whom, to whom, and the epoch of the move that it serves.</summary>
public readonly record struct HandoffId(PartitionId Partition, NodeId Source, NodeId Receiver, RingEpoch Epoch);
