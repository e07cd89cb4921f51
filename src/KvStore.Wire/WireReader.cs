using System.Text;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Wire;

/// <summary>
/// Reads what <see cref="WireWriter"/> wrote. Every length is checked against what remains before anything is made of it; bytes that
/// keys, values and states hold are shared with the source.
/// </summary>
internal ref struct WireReader(ReadOnlyMemory<byte> source)
{
    private readonly ReadOnlyMemory<byte> _source = source;
    private ReadOnlySpan<byte> _rest = source.Span;

    /// <exception cref="WireFormatException">Something is left over.</exception>
    public readonly void End()
    {
        if (!_rest.IsEmpty) throw new WireFormatException($"{_rest.Length} bytes are left over");
    }

    public byte Byte()
    {
        if (_rest.IsEmpty) throw CutShort();
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new WireFormatException($"{other} is neither yes nor no"),
    };

    public ulong Number(ulong max = ulong.MaxValue)
    {
        if (!ClockCodec.TryReadVarint(ref _rest, out var value)) throw CutShort();
        if (value > max) throw new WireFormatException($"{value} is more than {max}");
        return value;
    }

    /// <summary>One of an enumeration's values, which are 0 to <paramref name="last"/>.</summary>
    public byte Choice(byte last)
    {
        var value = Byte();
        return value <= last ? value : throw new WireFormatException($"{value} is none of 0 to {last}");
    }

    public ReadOnlyMemory<byte> Bytes(int max)
    {
        var length = (int)Number((ulong)max);
        if (length > _rest.Length) throw CutShort();
        var value = _source.Slice(_source.Length - _rest.Length, length);
        _rest = _rest[length..];
        return value;
    }

    /// <summary>A value, or null for a delete. (A bare null here would become an empty value by way of the array conversion.)</summary>
    public ReadOnlyMemory<byte>? ValueOrNone()
    {
        if (Flag()) return Bytes(WireLimits.MaxValue);
        return null;
    }

    public NodeId Node()
    {
        if (_rest.Length < NodeId.Size) throw CutShort();
        var value = NodeId.Read(_rest);
        _rest = _rest[NodeId.Size..];
        return value;
    }

    public NodeId? NodeOrNone() => Node() is { IsNone: false } value ? value : null;

    public ClusterId Cluster() => Node() is var id ? new ClusterId(id.High, id.Low) : default;

    public RingEpoch Epoch() => new((uint)Number(uint.MaxValue), Number());

    public PartitionId Partition() => new((int)Number(PartitionId.MaxCount - 1));

    public RequestId Request() => new(Number(), Number());

    public BucketKey Key()
    {
        var bucket = Encoding.Latin1.GetString(Bytes(BucketName.MaxLength).Span);
        if (!BucketName.TryCreate(bucket, out var name, out var wrong)) throw new WireFormatException(wrong);
        if (!Core.Identity.Key.TryCreate(Bytes(Core.Identity.Key.MaxLength), out var key, out wrong)) throw new WireFormatException(wrong);
        return new BucketKey(name, key);
    }

    public TimeSpan Budget() =>
        TimeSpan.FromTicks((long)Number((ulong)(WireLimits.MaxBudget.Ticks / TimeSpan.TicksPerMicrosecond)) * TimeSpan.TicksPerMicrosecond);

    public SiblingSet State() =>
        SiblingSetCodec.TryRead(Bytes(WireLimits.MaxState), out var set) ? set : throw new WireFormatException("the state of a key is damaged");

    public Dot Dot() => ClockCodec.TryReadDot(ref _rest, out var dot) ? dot : throw CutShort();

    public OperationTally Tally() => new(Count(), Count(), Count(), Count(), Count());

    private int Count() => (int)Number(1024);

    private static WireFormatException CutShort() => new("the message is cut short");
}
