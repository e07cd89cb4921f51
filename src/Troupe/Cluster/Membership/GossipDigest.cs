using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Akka.Cluster.Membership;

/// <summary>128 bits that stand for the content of a gossip: different contents have different ones, for all that matters.</summary>
internal readonly record struct GossipDigest(ulong High, ulong Low)
{
    public const int Length = 16;

    public static GossipDigest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new GossipDigest(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }
}
