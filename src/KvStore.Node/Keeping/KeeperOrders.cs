using KvStore.Core.Identity;

namespace KvStore.Node.Keeping;

/// <summary>What the keeper of a partition has done, on its own node. Each call returns at once; doing it twice does no harm.</summary>
public sealed record KeeperOrders(Action<PartitionId> Handoff, Action<PartitionId> Exchange, Action<PartitionId> Reap);
