using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using KvStore.Core.Identity;

namespace KvStore.Data;

/// <summary>Who a data set belongs to.</summary>
/// <param name="Node">The node: random, drawn with the data set, and never changed.</param>
/// <param name="Cluster">Its cluster; <see cref="ClusterId.None"/> until the node is in one.</param>
/// <param name="DataSet">Random bits, drawn with the data set, and never changed: a node that has lost its data has others, though it has its id.</param>
public sealed record IdentityRecord(NodeId Node, ClusterId Cluster, ulong DataSet)
{
    /// <summary>The format of the whole data set. Raised when a reader of the one before would misread what is there.</summary>
    public const byte Format = 1;

    private const int Size = 1 + 2 * NodeId.Size + sizeof(ulong);

    /// <summary>Format, node, cluster, data set; all big-endian.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        bytes[0] = Format;
        Node.Write(bytes.AsSpan(1));
        new NodeId(Cluster.High, Cluster.Low).Write(bytes.AsSpan(1 + NodeId.Size));
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1 + 2 * NodeId.Size), DataSet);
        return bytes;
    }

    /// <summary>False when the bytes are of another format or length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IdentityRecord? identity)
    {
        identity = null;
        if (bytes.Length != Size || bytes[0] != Format)
            return false;
        var cluster = bytes[(1 + NodeId.Size)..];
        identity = new IdentityRecord(
            NodeId.Read(bytes[1..]),
            new ClusterId(BinaryPrimitives.ReadUInt64BigEndian(cluster), BinaryPrimitives.ReadUInt64BigEndian(cluster[8..])),
            BinaryPrimitives.ReadUInt64BigEndian(cluster[NodeId.Size..]));
        return true;
    }
}
