using System.Buffers.Binary;
using System.Text;
using Akka.Actor;
using Akka.Cluster.Membership;

namespace Akka.Cluster.Serialization;

/// <summary>Appends the pieces of the cluster's messages: numbers in as few bytes as they need (LEB128), texts with their length.</summary>
internal sealed class ClusterWriter(int capacity = 64)
{
    private byte[] _bytes = new byte[capacity];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Number(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }
        Byte((byte)value);
    }

    public void Number(int value) => Number((ulong)(uint)value);

    public void Uid(int uid) => BinaryPrimitives.WriteInt32LittleEndian(Reserve(sizeof(int)), uid);

    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Number(length);
        Encoding.UTF8.GetBytes(text, Reserve(length));
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
    }

    public void Digest(GossipDigest digest)
    {
        var to = Reserve(GossipDigest.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(to, digest.High);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], digest.Low);
    }

    public void Address(Address address)
    {
        Text(address.Protocol);
        Text(address.System);
        HostAndPort(address);
    }

    public void HostAndPort(Address address)
    {
        Text(address.Host ?? "");
        Number(address.Port ?? 0);
    }

    public void Node(UniqueAddress node)
    {
        Address(node.Address);
        Uid(node.Uid);
    }

    public byte[] ToArray() => Written.ToArray();

    private Span<byte> Reserve(int length)
    {
        if (_length + length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }
}
