using Akka.Actor;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Buckets;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Wire;

namespace KvStore.Node.Disk;

/// <summary>
/// What actors of a node and its <see cref="StorageActor"/> say to each other. Never leaves the node.
/// <para>Whoever writes names its own life (<see cref="NodeDisk.NextLife"/>) and the storage actor's generation, which it learns from
/// <see cref="Settled"/>, <see cref="ReplicaOpened"/> or <see cref="StorageRestarted"/>: what belongs to an earlier one is dropped.</para>
/// </summary>
public static class StorageProtocol
{
    /// <summary>One record: put, or deleted where there is no value; with an end, every record from the key to before that is deleted.</summary>
    public readonly record struct DataWrite(byte[] Key, ReadOnlyMemory<byte>? Value, byte[]? End = null);

    /// <summary>Who asks, and how the answers are known again.</summary>
    /// <param name="ReplyTo">Gets the answers; nobody for none.</param>
    /// <param name="WantsLogged">Whether <see cref="Logged"/> is of use to it.</param>
    public readonly record struct Claim(IActorRef ReplyTo, long Life, long Generation, long Tag, bool WantsLogged = false);

    /// <summary>
    /// Write these records, all or none, after everything sent before. Answered by <see cref="Logged"/>, if that is wanted and acknowledging
    /// waits for the disk, and by <see cref="Committed"/>.
    /// </summary>
    /// <param name="Synced">On disk before it is acknowledged, whatever the sync setting says.</param>
    public sealed record Commit(Claim Claim, IReadOnlyList<DataWrite> Writes, bool Synced);

    /// <summary>Write this record some time soon. Not answered.</summary>
    public sealed record Keep(DataWrite Write);

    /// <summary>In the log: it will be there unless the machine dies first.</summary>
    public sealed record Logged(long Life, long Tag);

    /// <summary>As durable as was asked, and seen by every read from now on.</summary>
    public sealed record Committed(long Life, long Tag);

    /// <summary>Read a key from the disk. Answered by <see cref="Loaded"/>.</summary>
    public sealed record Load(IActorRef ReplyTo, long Life, PartitionId Partition, BucketKey Name, byte[] Key);

    public sealed record Loaded(long Life, BucketKey Name, LoadResult Result);

    /// <summary>Read a record as it is. Answered by <see cref="RecordRead"/>.</summary>
    public sealed record ReadRecord(IActorRef ReplyTo, long Life, PartitionId Partition, BucketKey Name, byte[] Key);

    /// <param name="Bytes">Null when there is none.</param>
    /// <param name="IsReadable">False when there is one that cannot be read.</param>
    public sealed record RecordRead(long Life, BucketKey Name, byte[]? Bytes, bool IsReadable);

    /// <summary>
    /// A replica begins: wait until nothing of an earlier life of it is under way, then read its meta and its tree. Answered by
    /// <see cref="ReplicaOpened"/>.
    /// </summary>
    public sealed record OpenReplica(IActorRef ReplyTo, long Life, PartitionId Partition);

    /// <param name="Meta">Null when there is none, or none that can be read.</param>
    /// <param name="Tree">The bytes of the tree of the last clean stop; null when there are none.</param>
    public sealed record ReplicaOpened(long Life, long Generation, ReplicaMeta? Meta, byte[]? Tree);

    /// <summary>Read all states of a partition as they are after everything sent before. Answered by some <see cref="Scanned"/>.</summary>
    /// <param name="Tenure">An incarnation whose highest counter is looked for.</param>
    public sealed record Scan(IActorRef ReplyTo, long Life, long Tag, PartitionId Partition, Incarnation? Tenure);

    /// <summary>A piece of a scan.</summary>
    /// <param name="Entries">Tokens and hashes of states.</param>
    /// <param name="Unreadable">States that are there and cannot be read.</param>
    /// <param name="HasHoles">Whether parts of the partition could not be read, so that not even the names are known.</param>
    /// <param name="IsLast">Whether this was all.</param>
    /// <param name="Highest">With the last piece: the highest counter of the tenure in any clock; 0 for none.</param>
    public sealed record Scanned(
        long Life, long Tag, IReadOnlyList<(ulong Token, ulong Hash)> Entries, IReadOnlyList<BucketKey> Unreadable, bool HasHoles,
        bool IsLast, ulong Highest);

    /// <summary>List some keys of a partition, with the hashes of their states. Answered by <see cref="Listed"/>.</summary>
    public sealed record ListStates(IActorRef ReplyTo, long Life, long Tag, PartitionId Partition, ListingWanted Wanted);

    /// <param name="Entries">What was wanted, as far as it can be read.</param>
    /// <param name="Unreadable">States that are there and cannot be read.</param>
    /// <param name="HasHoles">Whether parts of the partition could not be read, so that not even the names are known.</param>
    public sealed record Listed(
        long Life, long Tag, IReadOnlyList<KeyHash> Entries, IReadOnlyList<BucketKey> Unreadable, bool HasHoles);

    /// <summary>
    /// Answer this listing of a bucket's keys with <see cref="ReplicaProtocol.ReplicaListed"/>, or with
    /// <see cref="ReplicaProtocol.ReplicaRefused"/> where something cannot be read.
    /// </summary>
    /// <param name="Self">This node.</param>
    /// <param name="Bucket">The bucket, as agreed.</param>
    /// <param name="Max">How many keys at most, or as many as fall into one position.</param>
    /// <param name="WallMilliseconds">What is expired then is not there.</param>
    public sealed record ListNames(
        IActorRef ReplyTo, NodeId Self, ReplicaProtocol.ListReplica Request, BucketDefinition Bucket, int Max, long WallMilliseconds);

    /// <summary>Say when everything sent before is settled. Answered by <see cref="Settled"/>.</summary>
    public sealed record Settle(IActorRef ReplyTo, long Life);

    public sealed record Settled(long Life, long Generation);

    /// <summary>
    /// On the event stream: the storage actor has started again. Nothing that was sent to it before will be answered; it is settled, one
    /// way or the other.
    /// </summary>
    public sealed record StorageRestarted(long Generation);

    /// <summary>The node stops in order, and nobody writes any more: leave the clean-stop marker. Answered by <see cref="DiskClosed"/>.</summary>
    public sealed class CloseDisk
    {
        public static readonly CloseDisk Instance = new();
    }

    public sealed class DiskClosed
    {
        public static readonly DiskClosed Instance = new();
    }
}
