namespace Akka.Configuration.Hocon;

internal enum HoconKind
{
    Null,
    Text,
    Array,
    Object,
}

/// <summary>
/// One value of a configuration: text, a list, an object, or null. Numbers, durations and sizes are text that is read as such.
/// <para>Thread rule: immutable, free for all threads.</para>
/// </summary>
public class HoconValue
{
    private readonly string? _text;
    private readonly HoconObject? _object;
    private readonly HoconValue[] _elements = [];

    private HoconValue(HoconKind kind, HoconPosition position)
    {
        Kind = kind;
        Position = position;
        Size = 1;
    }

    private HoconValue(string text, HoconPosition position)
        : this(HoconKind.Text, position) => _text = text;

    internal HoconValue(HoconObject fields, HoconPosition position)
        : this(HoconKind.Object, position)
    {
        _object = fields;
        Measure(fields.Items.Values);
    }

    internal HoconValue(HoconValue[] elements, HoconPosition position)
        : this(HoconKind.Array, position)
    {
        _elements = elements;
        Measure(elements);
    }

    /// <summary>True when there is nothing here: null, or an object without keys.</summary>
    public bool IsEmpty => Kind == HoconKind.Null || _object is { Items.Count: 0 };

    internal HoconKind Kind { get; }

    internal HoconPosition Position { get; }

    /// <summary>Values in this one, itself included; a value that is used twice counts twice.</summary>
    internal long Size { get; private set; }

    internal int Depth { get; private set; }

    /// <summary>What this text contributes where it joins other text.</summary>
    internal string TextInConcat => _text ?? "null";

    public bool IsString() => Kind == HoconKind.Text;

    public bool IsArray() => Kind == HoconKind.Array;

    public bool IsObject() => Kind == HoconKind.Object;

    public HoconObject GetObject() => HoconConversions.Object(this, null);

    public IList<HoconValue> GetArray() => HoconConversions.Array(this, null);

    /// <summary>The value of <paramref name="key"/> in this object; null when it has no such key.</summary>
    public HoconValue? GetChildObject(string key) => _object?.GetKey(key);

    public string? GetString() => HoconConversions.Text(this, null);

    public bool GetBoolean() => HoconConversions.Boolean(this, null);

    public int GetInt() => HoconConversions.Number<int>(this, null);

    public long GetLong() => HoconConversions.Number<long>(this, null);

    public byte GetByte() => HoconConversions.Number<byte>(this, null);

    public float GetFloat() => HoconConversions.Number<float>(this, null);

    public double GetDouble() => HoconConversions.Number<double>(this, null);

    public decimal GetDecimal() => HoconConversions.Number<decimal>(this, null);

    /// <summary>A duration such as <c>500ms</c>; without a unit, milliseconds. <c>infinite</c> is -1 ms.</summary>
    public TimeSpan GetTimeSpan(bool allowInfinite = true) => HoconUnits.Duration(this, null, allowInfinite);

    /// <summary>A size such as <c>64KiB</c>, in bytes.</summary>
    public long? GetByteSize() => HoconUnits.ByteSize(this, null);

    public IList<string> GetStringList() => HoconConversions.List(this, null, (v, p) => HoconConversions.Text(v, p)!);

    public IList<bool> GetBooleanList() => HoconConversions.List(this, null, HoconConversions.Boolean);

    public IList<int> GetIntList() => HoconConversions.List(this, null, HoconConversions.Number<int>);

    public IList<long> GetLongList() => HoconConversions.List(this, null, HoconConversions.Number<long>);

    public IList<byte> GetByteList() => HoconConversions.List(this, null, HoconConversions.Number<byte>);

    public IList<float> GetFloatList() => HoconConversions.List(this, null, HoconConversions.Number<float>);

    public IList<double> GetDoubleList() => HoconConversions.List(this, null, HoconConversions.Number<double>);

    public IList<decimal> GetDecimalList() => HoconConversions.List(this, null, HoconConversions.Number<decimal>);

    public Config ToConfig() => new(this);

    /// <summary>A configuration in which this value stands at <paramref name="key"/>.</summary>
    public Config AtKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var fields = new HoconObject();
        fields.Items.Add(key, this);
        return new Config(new HoconValue(fields, Position));
    }

    /// <summary>HOCON that reads back as this value.</summary>
    public override string ToString() => ToString(0);

    /// <summary>HOCON that reads back as this value, its inner lines indented by <paramref name="indent"/> steps.</summary>
    public virtual string ToString(int indent) => HoconPrinter.Print(this, indent);

    internal static HoconValue OfText(string text, HoconPosition position) => new(text, position);

    internal static HoconValue OfUnquoted(string text, HoconPosition position) =>
        text == "null" ? new HoconValue(HoconKind.Null, position) : new HoconValue(text, position);

    internal string? TextOrNull => _text;

    internal HoconObject? ObjectOrNull => _object;

    internal ReadOnlySpan<HoconValue> Elements => _elements;

    private void Measure(IEnumerable<HoconValue> children)
    {
        foreach (var child in children)
        {
            Size += child.Size;
            Depth = Math.Max(Depth, child.Depth + 1);
        }
    }
}
