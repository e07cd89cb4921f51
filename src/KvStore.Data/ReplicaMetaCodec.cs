using System.Diagnostics.CodeAnalysis;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Replication;

namespace KvStore.Data;

/// <summary>
/// The bytes of a <see cref="ReplicaMeta"/>: <c>format | flags (1 fallback, 2 whole, 4 tenure, 8 must compare) | [tenure node (16),
/// tenure, lease end] | fence generation | fence number | watermarks | origins</c>; numbers are varints, clocks as
/// <see cref="ClockCodec"/> writes them.
/// </summary>
public static class ReplicaMetaCodec
{
    private const byte Format = 1;
    private const byte FallbackFlag = 1;
    private const byte WholeFlag = 2;
    private const byte TenureFlag = 4;
    private const byte MustCompareFlag = 8;

    public static byte[] Write(ReplicaMeta meta)
    {
        var bytes = new byte[
            2 + NodeId.Size + 4 * ClockCodec.MaxVarint + ClockCodec.MaxSize(meta.Watermarks) + ClockCodec.MaxSize(meta.Origins)];
        bytes[0] = Format;
        bytes[1] = (byte)((meta.Role == ReplicaRole.Fallback ? FallbackFlag : 0) | (meta.IsWhole ? WholeFlag : 0)
            | (meta.Tenure is null ? 0 : TenureFlag) | (meta.MustCompare ? MustCompareFlag : 0));
        var length = 2;
        if (meta.Tenure is { } tenure)
        {
            tenure.Node.Write(bytes.AsSpan(length));
            length += NodeId.Size;
            length += ClockCodec.WriteVarint(bytes.AsSpan(length), tenure.Tenure);
            length += ClockCodec.WriteVarint(bytes.AsSpan(length), meta.LeaseEnd);
        }

        length += ClockCodec.WriteVarint(bytes.AsSpan(length), meta.Fence.Generation);
        length += ClockCodec.WriteVarint(bytes.AsSpan(length), meta.Fence.Number);
        length += ClockCodec.Write(bytes.AsSpan(length), meta.Watermarks);
        length += ClockCodec.Write(bytes.AsSpan(length), meta.Origins);
        return bytes[..length];
    }

    /// <summary>False when the bytes are of another format, cut short, or have something left over.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ReplicaMeta? meta)
    {
        meta = null;
        if (bytes.Length < 2 || bytes[0] != Format || bytes[1] > (FallbackFlag | WholeFlag | TenureFlag | MustCompareFlag))
            return false;
        var flags = bytes[1];
        bytes = bytes[2..];
        if (!TryReadTenure(flags, ref bytes, out var tenure, out var leaseEnd)
            || !ClockCodec.TryReadVarint(ref bytes, out var generation) || generation > uint.MaxValue
            || !ClockCodec.TryReadVarint(ref bytes, out var number)
            || !ClockCodec.TryReadVector(ref bytes, out var watermarks)
            || !ClockCodec.TryReadVector(ref bytes, out var origins) || !bytes.IsEmpty)
            return false;
        var role = (flags & FallbackFlag) != 0 ? ReplicaRole.Fallback : ReplicaRole.Primary;
        meta = new ReplicaMeta(
            role, tenure, leaseEnd, watermarks, origins, new RingEpoch((uint)generation, number), (flags & WholeFlag) != 0)
        {
            MustCompare = (flags & MustCompareFlag) != 0,
        };
        return true;
    }

    private static bool TryReadTenure(byte flags, ref ReadOnlySpan<byte> bytes, out Incarnation? tenure, out ulong leaseEnd)
    {
        (tenure, leaseEnd) = (null, 0);
        if ((flags & TenureFlag) == 0)
            return true;
        if (bytes.Length < NodeId.Size)
            return false;
        var node = NodeId.Read(bytes);
        bytes = bytes[NodeId.Size..];
        if (!ClockCodec.TryReadVarint(ref bytes, out var number) || !ClockCodec.TryReadVarint(ref bytes, out leaseEnd))
            return false;
        tenure = new Incarnation(node, number);
        return true;
    }
}
