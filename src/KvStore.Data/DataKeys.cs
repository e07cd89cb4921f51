using System.Buffers.Binary;
using System.Text;
using KvStore.Core.Handoff;
using KvStore.Core.Hints;
using KvStore.Core.Identity;

namespace KvStore.Data;

/// <summary>
/// The keys of a node's engine: docs/formats/node-data.md is their grammar. What belongs to a partition begins with it, so that a
/// partition is one range; what belongs to the node stands before all of them, in no partition.
/// <para>Invariants: (1) within a partition states lie in the order of <see cref="BucketKey"/>; (2) no two records share a key; (3) an
/// area's number is never used for anything else.</para>
/// </summary>
public static class DataKeys
{
    /// <summary>The longest key, in bytes.</summary>
    public const int MaxLength = HintHeader + BucketName.MaxLength + 1 + Core.Identity.Key.MaxLength;

    private const byte NodeSpace = 0x00;
    private const byte PartitionSpace = 0x01;
    private const byte PeerArea = 0x04;
    private const byte HintArea = 0x10;
    private const byte JournalArea = 0x20;
    private const byte MetaArea = 0x00;
    private const byte TreeArea = 0x01;
    private const byte HandoffArea = 0x02;
    private const byte StateArea = 0x10;
    private const byte RegisterArea = 0x11;
    private const int PartitionHeader = 4;
    private const int HintHeader = 2 + NodeId.Size + sizeof(ushort);

    private static readonly byte[] IdentityKey = [NodeSpace, 0x01];
    private static readonly byte[] StartNumberKey = [NodeSpace, 0x02];
    private static readonly byte[] CleanStopKey = [NodeSpace, 0x03];
    private static readonly byte[] GenerationKey = [NodeSpace, 0x05];
    private static readonly byte[] TurnedAwayKey = [NodeSpace, 0x06];

    /// <summary>Who the data belongs to: an <see cref="IdentityRecord"/>.</summary>
    public static ReadOnlySpan<byte> Identity => IdentityKey;

    /// <summary>How often the node was started: four bytes, big-endian.</summary>
    public static ReadOnlySpan<byte> StartNumber => StartNumberKey;

    /// <summary>Present only while the node is stopped in order; the start number that ended so.</summary>
    public static ReadOnlySpan<byte> CleanStop => CleanStopKey;

    /// <summary>Rewritten when the storage actor restarts, to find out that everything before is settled.</summary>
    public static ReadOnlySpan<byte> Generation => GenerationKey;

    /// <summary>Present when another node has turned this one away for good; why, in UTF-8.</summary>
    public static ReadOnlySpan<byte> TurnedAway => TurnedAwayKey;

    /// <summary>All <see cref="PeerStart"/> keys.</summary>
    public static byte[] PeerStarts() => [NodeSpace, PeerArea];

    /// <summary>The last start seen of another node: a <see cref="PeerStartRecord"/>.</summary>
    public static byte[] PeerStart(NodeId peer)
    {
        var key = new byte[2 + NodeId.Size];
        (key[0], key[1]) = (NodeSpace, PeerArea);
        peer.Write(key.AsSpan(2));
        return key;
    }

    /// <summary>Reads the node out of a <see cref="PeerStart"/> key.</summary>
    public static bool TryReadPeer(ReadOnlySpan<byte> key, out NodeId peer)
    {
        var isPeer = key.Length == 2 + NodeId.Size && key[0] == NodeSpace && key[1] == PeerArea;
        peer = isPeer ? NodeId.Read(key[2..]) : NodeId.None;
        return isPeer;
    }

    /// <summary>All hints.</summary>
    public static byte[] Hints() => [NodeSpace, HintArea];

    /// <summary>All hints for one owner.</summary>
    public static byte[] HintsFor(NodeId owner)
    {
        var key = new byte[2 + NodeId.Size];
        (key[0], key[1]) = (NodeSpace, HintArea);
        owner.Write(key.AsSpan(2));
        return key;
    }

    /// <summary>That this node keeps a key's state for an owner: a <see cref="HintRecord"/>. The state itself lies in its partition.</summary>
    public static byte[] Hint(HintId hint)
    {
        var key = new byte[HintHeader + NameSize(hint.Key)];
        (key[0], key[1]) = (NodeSpace, HintArea);
        hint.Owner.Write(key.AsSpan(2));
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(2 + NodeId.Size), (ushort)hint.Partition.Value);
        WriteName(key.AsSpan(HintHeader), hint.Key);
        return key;
    }

    /// <summary>Reads a <see cref="Hint"/> key; false when it is none.</summary>
    public static bool TryReadHint(ReadOnlySpan<byte> key, out HintId hint)
    {
        hint = default;
        if (key.Length <= HintHeader || key[0] != NodeSpace || key[1] != HintArea)
            return false;
        var partition = BinaryPrimitives.ReadUInt16BigEndian(key[(2 + NodeId.Size)..]);
        if (partition >= PartitionId.MaxCount || !TryReadName(key[HintHeader..], out var name))
            return false;
        hint = new HintId(NodeId.Read(key[2..]), new PartitionId(partition), name);
        return true;
    }

    /// <summary>The journal and the snapshots of Akka.Persistence; what follows is their own.</summary>
    public static byte[] Journal() => [NodeSpace, JournalArea];

    /// <summary>Everything of one partition.</summary>
    public static byte[] Partition(PartitionId partition) => InPartition(partition, area: null);

    /// <summary>A replica's <see cref="Core.Replication.ReplicaMeta"/>, written by <see cref="ReplicaMetaCodec"/>.</summary>
    public static byte[] Meta(PartitionId partition) => InPartition(partition, MetaArea);

    /// <summary>A replica's hash tree; counts only under a clean-stop marker.</summary>
    public static byte[] Tree(PartitionId partition) => InPartition(partition, TreeArea);

    /// <summary>How far a stream that fills this partition has come.</summary>
    public static byte[] Handoff(HandoffId handoff)
    {
        var start = InPartition(handoff.Partition, HandoffArea);
        var key = new byte[start.Length + NodeId.Size + sizeof(uint) + sizeof(ulong)];
        start.CopyTo(key, 0);
        handoff.Source.Write(key.AsSpan(start.Length));
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(start.Length + NodeId.Size), handoff.Epoch.Generation);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(start.Length + NodeId.Size + sizeof(uint)), handoff.Epoch.Number);
        return key;
    }

    /// <summary>All states of one partition, in the order of their names.</summary>
    public static byte[] States(PartitionId partition) => InPartition(partition, StateArea);

    /// <summary>What a replica holds under a name: a <see cref="Core.Causality.SiblingSet"/>.</summary>
    public static byte[] State(PartitionId partition, BucketKey name) => Under(partition, StateArea, name);

    /// <summary>All registers of one partition, in the order of their names.</summary>
    public static byte[] Registers(PartitionId partition) => InPartition(partition, RegisterArea);

    /// <summary>What an acceptor holds of a strong key.</summary>
    public static byte[] Register(PartitionId partition, BucketKey name) => Under(partition, RegisterArea, name);

    /// <summary>All states of one bucket in a partition: from the first key to before the second.</summary>
    public static (byte[] Begin, byte[] End) StatesOf(PartitionId partition, BucketName bucket) =>
        (BucketStart(partition, StateArea, bucket, 0), BucketStart(partition, StateArea, bucket, 1));

    /// <summary>All registers of one bucket in a partition: from the first key to before the second.</summary>
    public static (byte[] Begin, byte[] End) RegistersOf(PartitionId partition, BucketName bucket) =>
        (BucketStart(partition, RegisterArea, bucket, 0), BucketStart(partition, RegisterArea, bucket, 1));

    /// <summary>All states of a partition that are in none of these buckets, which are sorted.</summary>
    public static IEnumerable<(byte[] Begin, byte[] End)> StatesOfOthers(PartitionId partition, IReadOnlyList<BucketName> buckets)
    {
        var begin = InPartition(partition, StateArea);
        foreach (var bucket in buckets)
        {
            var (first, end) = StatesOf(partition, bucket);
            yield return (begin, first);
            begin = end;
        }
        yield return (begin, InPartition(partition, StateArea + 1));
    }

    /// <summary>The states of one bucket in a partition, in the order of their keys.</summary>
    public static byte[] States(PartitionId partition, BucketName bucket) => BucketStart(partition, StateArea, bucket, 0);

    /// <summary>The registers of one bucket in a partition, in the order of their keys.</summary>
    public static byte[] Registers(PartitionId partition, BucketName bucket) => BucketStart(partition, RegisterArea, bucket, 0);

    /// <summary>Reads a <see cref="State"/> key; false when it is none. The name has bytes of its own.</summary>
    public static bool TryReadState(ReadOnlySpan<byte> key, out PartitionId partition, out BucketKey name) =>
        TryReadUnder(StateArea, key, out partition, out name);

    /// <summary>Reads a <see cref="Register"/> key; false when it is none. The name has bytes of its own.</summary>
    public static bool TryReadRegister(ReadOnlySpan<byte> key, out PartitionId partition, out BucketKey name) =>
        TryReadUnder(RegisterArea, key, out partition, out name);

    private static bool TryReadUnder(byte area, ReadOnlySpan<byte> key, out PartitionId partition, out BucketKey name)
    {
        (partition, name) = (default, default);
        if (key.Length <= PartitionHeader || key[0] != PartitionSpace || key[3] != area)
            return false;
        var number = BinaryPrimitives.ReadUInt16BigEndian(key[1..]);
        if (number >= PartitionId.MaxCount || !TryReadName(key[PartitionHeader..], out name))
            return false;
        partition = new PartitionId(number);
        return true;
    }

    /// <summary>Reads the name out of a <see cref="Register"/> key; false when it is none. The name has bytes of its own.</summary>
    public static bool TryReadRegister(ReadOnlySpan<byte> key, out BucketKey name)
    {
        name = default;
        return key.Length > PartitionHeader && key[0] == PartitionSpace && key[3] == RegisterArea
            && TryReadName(key[PartitionHeader..], out name);
    }

    private static byte[] InPartition(PartitionId partition, byte? area)
    {
        var key = new byte[area is null ? PartitionHeader - 1 : PartitionHeader];
        key[0] = PartitionSpace;
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(1), (ushort)partition.Value);
        if (area is { } number)
            key[3] = number;
        return key;
    }

    private static byte[] Under(PartitionId partition, byte area, BucketKey name)
    {
        var key = new byte[PartitionHeader + NameSize(name)];
        key[0] = PartitionSpace;
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(1), (ushort)partition.Value);
        key[3] = area;
        WriteName(key.AsSpan(PartitionHeader), name);
        return key;
    }

    /// <summary>Where a bucket's names begin (0, which ends its name), or the first place after them (1).</summary>
    private static byte[] BucketStart(PartitionId partition, byte area, BucketName bucket, byte end)
    {
        var start = InPartition(partition, area);
        byte[] key = [.. start, .. Encoding.ASCII.GetBytes(bucket.Value), end];
        return key;
    }

    private static int NameSize(BucketKey name) => name.Bucket.Value.Length + 1 + name.Key.Length;

    /// <summary>A bucket's name has no zero byte, so the first one ends it, and names sort by bucket, then by key.</summary>
    private static void WriteName(Span<byte> target, BucketKey name)
    {
        var length = Encoding.ASCII.GetBytes(name.Bucket.Value, target);
        target[length] = 0;
        name.Key.Span.CopyTo(target[(length + 1)..]);
    }

    private static bool TryReadName(ReadOnlySpan<byte> source, out BucketKey name)
    {
        name = default;
        var end = source.IndexOf((byte)0);
        if (end < 0 || !TryReadBucket(source[..end], out var bucket)
            || !Core.Identity.Key.TryCreate(source[(end + 1)..].ToArray(), out var key, out _))
            return false;
        name = new BucketKey(bucket, key);
        return true;
    }

    /// <summary>Nearly every key is in the default bucket: its name is not made anew each time.</summary>
    private static bool TryReadBucket(ReadOnlySpan<byte> source, out BucketName bucket)
    {
        bucket = BucketName.Default;
        return source.SequenceEqual("default"u8) || BucketName.TryCreate(Encoding.ASCII.GetString(source), out bucket, out _);
    }
}
