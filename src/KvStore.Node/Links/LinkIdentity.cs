using System.Buffers.Binary;
using System.Reflection;
using KvStore.Core.Identity;
using KvStore.Core.Links;
using KvStore.Core.Placement;
using KvStore.Wire;

namespace KvStore.Node.Links;

/// <summary>Who this process says it is to its peers.</summary>
internal static class LinkIdentity
{
    /// <summary>No feature beyond the protocol's version yet.</summary>
    private const ulong Features = 0;

    private static readonly string Runtime = typeof(LinkIdentity).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == "ActorRuntime")?.Value ?? "unknown";

    /// <summary>
    /// The process is named by its node, start number and moment: a copy of the data directory that starts as well has the number in common, but
    /// not the moment.
    /// </summary>
    public static PeerIdentity Of(ClusterId cluster, NodeId node, NodeStart start, DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[NodeId.Size + sizeof(uint) + sizeof(long)];
        node.Write(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[NodeId.Size..], start.Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[(NodeId.Size + sizeof(uint))..], now.UtcTicks);
        return new PeerIdentity(cluster, node, start.Number, StableHash.Of(bytes), NodeProtocol.Version, Features, Runtime);
    }
}
