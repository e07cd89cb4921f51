using KvStore.Core.Identity;

namespace KvStore.Core.AntiEntropy;

/// <summary>A partition that this node holds, and another owner of it.</summary>
public readonly record struct ExchangePair(PartitionId Partition, NodeId Peer) : IComparable<ExchangePair>
{
    public int CompareTo(ExchangePair other)
    {
        var byPartition = Partition.CompareTo(other.Partition);
        return byPartition != 0 ? byPartition : Peer.CompareTo(other.Peer);
    }

    public static bool operator <(ExchangePair a, ExchangePair b) => a.CompareTo(b) < 0;

    public static bool operator >(ExchangePair a, ExchangePair b) => a.CompareTo(b) > 0;

    public static bool operator <=(ExchangePair a, ExchangePair b) => a.CompareTo(b) <= 0;

    public static bool operator >=(ExchangePair a, ExchangePair b) => a.CompareTo(b) >= 0;
}
