using System.Buffers;
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
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public void Clear() => _buffer.ResetWrittenCount();

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Number(ulong value) => _buffer.Advance(ClockCodec.WriteVarint(_buffer.GetSpan(ClockCodec.MaxVarint), value));

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number((ulong)value.Length);
        _buffer.Write(value);
    }

    public void Node(NodeId value)
    {
        value.Write(_buffer.GetSpan(NodeId.Size));
        _buffer.Advance(NodeId.Size);
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
        Span<byte> bucket = stackalloc byte[BucketName.MaxLength];
        var length = System.Text.Encoding.ASCII.GetBytes(value.Bucket.Value, bucket);
        Bytes(bucket[..length]);
        Bytes(value.Key.Span);
    }

    /// <summary>A budget in whole microseconds, none below 0 or above <see cref="WireLimits.MaxBudget"/>.</summary>
    public void Budget(TimeSpan value) =>
        Number((ulong)Math.Clamp(value.Ticks / TimeSpan.TicksPerMicrosecond, 0, WireLimits.MaxBudget.Ticks / TimeSpan.TicksPerMicrosecond));

    public void State(SiblingSet value)
    {
        // The length goes first and is not known before: the state is written behind room for the longest length, then moved up.
        var span = _buffer.GetSpan(checked((int)SiblingSetCodec.MaxSize(value)) + ClockCodec.MaxVarint);
        var length = SiblingSetCodec.Write(span[ClockCodec.MaxVarint..], value);
        var prefix = ClockCodec.WriteVarint(span, (ulong)length);
        span.Slice(ClockCodec.MaxVarint, length).CopyTo(span[prefix..]);
        _buffer.Advance(prefix + length);
    }

    public void Dot(Dot value) => _buffer.Advance(ClockCodec.Write(_buffer.GetSpan(ClockCodec.MaxDot), value));

    public void Tally(OperationTally value)
    {
        Number((ulong)value.Primaries);
        Number((ulong)value.Fallbacks);
        Number((ulong)value.Durable);
        Number((ulong)value.Hints);
        Number((ulong)value.Failed);
    }
}
