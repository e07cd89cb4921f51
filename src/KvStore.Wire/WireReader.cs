using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Wire;

/// <summary>Reads one element of a list.</summary>
internal delegate T ReadItem<out T>(ref WireReader reader);

/// <summary>
/// Reads what <see cref="WireWriter"/> wrote. Every length is checked against what remains before anything is made of it; bytes that
/// keys, values and states hold are shared with the source.
/// </summary>
internal ref struct WireReader(ReadOnlyMemory<byte> source)
{
    private static readonly string DefaultBucket = BucketName.Default.Value;

    private readonly ReadOnlyMemory<byte> _source = source;
    private ReadOnlySpan<byte> _rest = source.Span;

    /// <exception cref="WireFormatException">Something is left over.</exception>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
            throw new WireFormatException($"{_rest.Length} bytes are left over");
    }

    public byte Byte()
    {
        if (_rest.IsEmpty)
            throw CutShort();
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
        if (!ClockCodec.TryReadVarint(ref _rest, out var value))
            throw CutShort();
        return value <= max ? value : throw new WireFormatException($"{value} is more than {max}");
    }

    public int Count(int max) => (int)Number((ulong)max);

    /// <summary>One of an enumeration's values, which are <paramref name="first"/> to <paramref name="last"/>.</summary>
    public byte Choice(byte last, byte first = 0)
    {
        var value = Byte();
        return value >= first && value <= last ? value : throw new WireFormatException($"{value} is none of {first} to {last}");
    }

    /// <summary>One of an enumeration's values, in a byte.</summary>
    public TEnum Choice<TEnum>()
        where TEnum : struct, Enum
    {
        var number = Byte();
        return Choices<TEnum>.ByNumber[number] ?? throw new WireFormatException($"{number} is no {typeof(TEnum).Name}");
    }

    public ReadOnlyMemory<byte> Bytes(int max)
    {
        var length = Count(max);
        if (length > _rest.Length)
            throw CutShort();
        var value = _source.Slice(_source.Length - _rest.Length, length);
        _rest = _rest[length..];
        return value;
    }

    public string Text(int max = WireLimits.MaxText)
    {
        var bytes = Bytes(max).Span;
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw new WireFormatException("a text is not UTF-8");
    }

    /// <summary>A list of at most <paramref name="max"/> elements of at least <paramref name="itemSize"/> bytes each.</summary>
    public ImmutableArray<T> List<T>(int max, int itemSize, ReadItem<T> read)
    {
        var count = Count(max);
        if ((long)count * itemSize > _rest.Length)
            throw CutShort();
        var items = ImmutableArray.CreateBuilder<T>(count);
        for (var i = 0; i < count; i++)
            items.Add(read(ref this));
        return items.MoveToImmutable();
    }

    public NodeId Node()
    {
        if (_rest.Length < NodeId.Size)
            throw CutShort();
        var value = NodeId.Read(_rest);
        _rest = _rest[NodeId.Size..];
        return value;
    }

    public NodeId? NodeOrNone() => Node() is { IsNone: false } value ? value : null;

    public ClusterId Cluster()
    {
        var value = Node();
        return new ClusterId(value.High, value.Low);
    }

    public RingEpoch Epoch() => new((uint)Number(uint.MaxValue), Number());

    public PartitionId Partition() => new((int)Number(PartitionId.MaxCount - 1));

    public RequestId Request() => new(Number(), Number());

    public BucketKey Key() => new(Bucket(), KeyOf(Bytes(Core.Identity.Key.MaxLength)));

    /// <summary>A key whose bucket is said elsewhere.</summary>
    public Key BareKey() => KeyOf(Bytes(Core.Identity.Key.MaxLength));

    public BucketName Bucket() => BucketName.TryCreate(BucketText(Bytes(BucketName.MaxLength).Span), out var name, out var wrong)
        ? name
        : throw new WireFormatException(wrong);

    public BucketKey? KeyOrNone() => Flag() ? Key() : null;

    public TimeSpan Budget() =>
        TimeSpan.FromTicks((long)Number((ulong)(WireLimits.MaxBudget.Ticks / TimeSpan.TicksPerMicrosecond)) * TimeSpan.TicksPerMicrosecond);

    public SiblingSet State() => SiblingSetCodec.TryRead(Bytes(WireLimits.MaxState), out var set)
        ? set
        : throw new WireFormatException("the state of a key is damaged");

    public VersionVector Vector() =>
        ClockCodec.TryReadVector(ref _rest, out var vector) ? vector : throw new WireFormatException("a clock is damaged");

    public Incarnation Incarnation() => new(Node(), Number());

    public Dot Dot() => ClockCodec.TryReadDot(ref _rest, out var dot) ? dot : throw CutShort();

    public OperationTally Tally() => new(Count(1024), Count(1024), Count(1024), Count(1024), Count(1024));

    internal static WireFormatException CutShort() => new("the message is cut short");

    /// <summary>Most keys are in the default bucket, whose name needs no new string.</summary>
    private static string BucketText(ReadOnlySpan<byte> bytes) =>
        Ascii.Equals(bytes, DefaultBucket) ? DefaultBucket : Encoding.Latin1.GetString(bytes);

    private static Key KeyOf(ReadOnlyMemory<byte> bytes) => Core.Identity.Key.TryCreate(bytes, out var key, out var wrong)
        ? key
        : throw new WireFormatException(wrong);

    private static class Choices<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly TEnum?[] ByNumber = Make();

        private static TEnum?[] Make()
        {
            var byNumber = new TEnum?[256];
            foreach (var value in Enum.GetValues<TEnum>())
                byNumber[Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture)] = value;
            return byNumber;
        }
    }
}
