using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Cluster.Membership;

namespace Akka.Cluster.Serialization;

/// <summary>
/// Reads what <see cref="ClusterWriter"/> wrote. Anything else is a <see cref="SerializationException"/>, and no length is believed
/// that the message itself does not bear out.
/// </summary>
internal sealed class ClusterReader(byte[] bytes)
{
    private int _at;

    public byte Byte() => Take(1)[0];

    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1)
                break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw Malformed("a number has more than 64 bits");
    }

    public int Int() => Number() is var value and <= int.MaxValue ? (int)value : throw Malformed("a number is too large");

    public long Long() => Number() is var value and <= long.MaxValue ? (long)value : throw Malformed("a number is too large");

    /// <summary>A number of things that follow, each at least one byte long.</summary>
    public int Count() => Int() is var count && count <= bytes.Length - _at ? count : throw Malformed("a count is too large");

    public int Uid() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public string Text() => Encoding.UTF8.GetString(Take(Count()));

    public byte[] Bytes() => Take(Count()).ToArray();

    public GossipDigest Digest()
    {
        var from = Take(GossipDigest.Length);
        return new GossipDigest(BinaryPrimitives.ReadUInt64LittleEndian(from), BinaryPrimitives.ReadUInt64LittleEndian(from[8..]));
    }

    public Address Address()
    {
        var (protocol, system) = (Text(), Text());
        return HostAndPort(protocol, system);
    }

    public Address HostAndPort(string protocol, string system)
    {
        var (host, port) = (Text(), Int());
        if (protocol.Length == 0 || system.Length == 0 || host.Length == 0 || port is 0 or > 65535)
            throw Malformed("an address is incomplete");
        return new Address(protocol, system, host, port);
    }

    public UniqueAddress Node()
    {
        var address = Address();
        return new UniqueAddress(address, Uid());
    }

    public void End()
    {
        if (_at != bytes.Length)
            throw Malformed("something follows its end");
    }

    public SerializationException Malformed(string why) =>
        new($"A message of the cluster is malformed at byte {_at} of {bytes.Length}: {why}.");

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > bytes.Length - _at)
            throw Malformed("it ends too early");
        _at += length;
        return bytes.AsSpan(_at - length, length);
    }
}
