using System.Buffers.Binary;
using System.Reflection;
using KvStore.Core.Identity;
using KvStore.Core.Links;
using KvStore.Core.Placement;
using KvStore.Data;
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
    /// <param name="cluster">The ring's.</param>
    /// <param name="data">Whose data this is.</param>
    /// <param name="start">Which start of it.</param>
    /// <param name="now">When that was; the same as long as the process runs.</param>
    public static PeerIdentity Of(ClusterId cluster, IdentityRecord data, NodeStart start, DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[NodeId.Size + sizeof(uint) + sizeof(long)];
        data.Node.Write(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[NodeId.Size..], start.Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[(NodeId.Size + sizeof(uint))..], now.UtcTicks);
        return new PeerIdentity(
            cluster, data.Node, data.DataSet, start.Number, StableHash.Of(bytes), NodeProtocol.Version, Features, Runtime);
    }
}
