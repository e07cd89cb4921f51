using System.Collections.Immutable;
using System.Text;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Wire;

/// <summary>
/// Writes the fields of one message, in order, into a growing buffer. Numbers are varints as in <see cref="ClockCodec"/>; ids are
/// big-endian and fixed; what has a length is preceded by it. Owner: one encoding; not thread-safe.
/// </summary>
internal sealed class WireWriter
{
    private byte[] _buffer = new byte[2048];
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public int Capacity => _buffer.Length;

    public void Clear() => _length = 0;

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Number(ulong value) => _length += ClockCodec.WriteVarint(Room(ClockCodec.MaxVarint), value);

    public void Count(int value) => Number((ulong)value);

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number((ulong)value.Length);
        value.CopyTo(Room(value.Length));
        _length += value.Length;
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Number((ulong)length);
        Encoding.UTF8.GetBytes(value, Room(length));
        _length += length;
    }

    public void List<T>(ImmutableArray<T> items, Action<WireWriter, T> write)
    {
        Count(items.Length);
        foreach (var item in items)
            write(this, item);
    }

    public void Node(NodeId value)
    {
        value.Write(Room(NodeId.Size));
        _length += NodeId.Size;
    }

    /// <summary>An id that may be absent: <see cref="NodeId.None"/> stands for that.</summary>
    public void NodeOrNone(NodeId? value) => Node(value ?? NodeId.None);

    public void Cluster(ClusterId value) => Node(new NodeId(value.High, value.Low));

    public void Epoch(RingEpoch value)
    {
        Number(value.Generation);
        Number(value.Number);
    }

    public void Partition(PartitionId value) => Number((ulong)value.Value);

    public void Request(RequestId value)
    {
        Number(value.Session);
        Number(value.Sequence);
    }

    public void Key(BucketKey value)
    {
        Bucket(value.Bucket);
        Bytes(value.Key.Span);
    }

    public void Bucket(BucketName value)
    {
        Span<byte> bucket = stackalloc byte[BucketName.MaxLength];
        var length = Encoding.ASCII.GetBytes(value.Value, bucket);
        Bytes(bucket[..length]);
    }

    public void KeyOrNone(BucketKey? value)
    {
        Flag(value.HasValue);
        if (value is { } key)
            Key(key);
    }

    /// <summary>A budget in whole microseconds, none below 0 or above <see cref="WireLimits.MaxBudget"/>.</summary>
    public void Budget(TimeSpan value) =>
        Number((ulong)Math.Clamp(value.Ticks / TimeSpan.TicksPerMicrosecond, 0, WireLimits.MaxBudget.Ticks / TimeSpan.TicksPerMicrosecond));

    /// <summary>
    /// A state, its length before it. The length is not known beforehand: the state is written behind room for the longest one,
    /// then moved up.
    /// </summary>
    public void State(SiblingSet value)
    {
        var span = Room(checked((int)SiblingSetCodec.MaxSize(value)) + ClockCodec.MaxVarint);
        var length = SiblingSetCodec.Write(span[ClockCodec.MaxVarint..], value);
        var prefix = ClockCodec.WriteVarint(span, (ulong)length);
        span.Slice(ClockCodec.MaxVarint, length).CopyTo(span[prefix..]);
        _length += prefix + length;
    }

    public void Vector(VersionVector value) =>
        _length += ClockCodec.Write(Room(ClockCodec.MaxSize(value)), value);

    public void Incarnation(Incarnation value)
    {
        Node(value.Node);
        Number(value.Tenure);
    }

    public void Dot(Dot value) => _length += ClockCodec.Write(Room(ClockCodec.MaxDot), value);

    public void Tally(OperationTally value)
    {
        Count(value.Primaries);
        Count(value.Fallbacks);
        Count(value.Durable);
        Count(value.Hints);
        Count(value.Failed);
    }

    private Span<byte> Room(int size)
    {
        if (_buffer.Length - _length < size)
            Array.Resize(ref _buffer, Math.Max(checked(_length + size), 2 * _buffer.Length));
        return _buffer.AsSpan(_length);
    }
}
