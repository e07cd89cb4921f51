using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// Settings: a stack of HOCON layers in which a higher layer's value hides a lower one's and objects merge. Substitutions are
/// looked up over the whole stack, at the first read; one that finds nothing makes that read fail.
/// <para>Thread rule: immutable, free for all threads.</para>
/// </summary>
public class Config
{
    public static readonly Config Empty = new();

    /// <summary>Top layer first.</summary>
    private readonly HoconNode[] _layers;

    private volatile HoconValue? _root;

    public Config() => _layers = [];

    public Config(HoconRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        _layers = [root.Node];
    }

    public Config(Config source, Config? fallback)
    {
        ArgumentNullException.ThrowIfNull(source);
        _layers = [.. source._layers, .. fallback?._layers ?? []];
    }

    internal Config(HoconValue value)
    {
        HoconConversions.Object(value, null);
        _layers = [new HoconValueNode(value)];
        _root = value;
    }

    private Config(HoconNode[] layers) => _layers = layers;

    /// <summary>Everything below the top layer; null when there is only one.</summary>
    public Config? Fallback => _layers.Length > 1 ? new Config(_layers[1..]) : null;

    public virtual bool IsEmpty => Array.TrueForAll(_layers,
        layer => layer is HoconValueNode { Value.IsEmpty: true } or HoconObjectNode { IsEmpty: true });

    /// <summary>The object that all layers make together.</summary>
    public HoconValue Root => _root ??= Resolve();

    /// <summary>A configuration in which <paramref name="fallback"/> answers for what this one does not have.</summary>
    public virtual Config WithFallback(Config? fallback)
    {
        if (ReferenceEquals(fallback, this))
            throw new ArgumentException("A configuration cannot be its own fallback. Pass another one.", nameof(fallback));
        if (fallback is null || fallback.IsEmpty) return this;
        return IsEmpty ? fallback : new Config(this, fallback);
    }

    public virtual bool HasPath(string path) => Find(path) is not null;

    /// <summary>The value at <paramref name="path"/>; null when there is none.</summary>
    public HoconValue? GetValue(string path) => Find(path);

    /// <summary>The section at <paramref name="path"/>; null when there is none.</summary>
    public virtual Config? GetConfig(string path)
    {
        if (Find(path) is not { Kind: not HoconKind.Null } value) return null;
        HoconConversions.Object(value, path);
        return new Config(value);
    }

    public virtual string? GetString(string path, string? @default = null) =>
        Find(path) is { } value ? HoconConversions.Text(value, path) : @default;

    public virtual bool GetBoolean(string path, bool @default = false) =>
        Present(path) is { } value ? HoconConversions.Boolean(value, path) : @default;

    public virtual int GetInt(string path, int @default = 0) =>
        Present(path) is { } value ? HoconConversions.Number<int>(value, path) : @default;

    public virtual long GetLong(string path, long @default = 0) =>
        Present(path) is { } value ? HoconConversions.Number<long>(value, path) : @default;

    public virtual float GetFloat(string path, float @default = 0) =>
        Present(path) is { } value ? HoconConversions.Number<float>(value, path) : @default;

    public virtual double GetDouble(string path, double @default = 0) =>
        Present(path) is { } value ? HoconConversions.Number<double>(value, path) : @default;

    public virtual decimal GetDecimal(string path, decimal @default = 0) =>
        Present(path) is { } value ? HoconConversions.Number<decimal>(value, path) : @default;

    /// <summary>A duration; without a unit, milliseconds. <c>infinite</c> is <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Present(path) is { } value ? HoconUnits.Duration(value, path, allowInfinite) : @default.GetValueOrDefault();

    /// <summary>A size in bytes; null when there is none.</summary>
    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    public virtual long? GetByteSize(string path, long? def = null) =>
        Present(path) is { } value ? HoconUnits.ByteSize(value, path) : def;

    public virtual IList<string> GetStringList(string path) => GetStringList(path, []);

    public virtual IList<string> GetStringList(string path, string[] defaultPaths) => Present(path) is { } value
        ? HoconConversions.List(value, path, (v, p) => HoconConversions.Text(v, p)!)
        : defaultPaths;

    public virtual IList<bool> GetBooleanList(string path) => List(path, HoconConversions.Boolean);

    public virtual IList<int> GetIntList(string path) => List(path, HoconConversions.Number<int>);

    public virtual IList<long> GetLongList(string path) => List(path, HoconConversions.Number<long>);

    public virtual IList<byte> GetByteList(string path) => List(path, HoconConversions.Number<byte>);

    public virtual IList<float> GetFloatList(string path) => List(path, HoconConversions.Number<float>);

    public virtual IList<double> GetDoubleList(string path) => List(path, HoconConversions.Number<double>);

    public virtual IList<decimal> GetDecimalList(string path) => List(path, HoconConversions.Number<decimal>);

    /// <summary>The first level's keys and values, the top layer's keys first.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() => Root.GetObject().Items;

    /// <summary>The top layer as HOCON.</summary>
    public override string ToString() => ToString(includeFallback: false);

    /// <summary>HOCON that reads back as the top layer or, with <paramref name="includeFallback"/>, as the whole stack.</summary>
    public string ToString(bool includeFallback)
    {
        if (includeFallback || _layers.Length < 2) return Root.GetObject().ToString();
        return new Config(_layers[..1]).Root.GetObject().ToString();
    }

    public static Config operator +(Config config, string fallback)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.WithFallback(ConfigurationFactory.ParseString(fallback));
    }

    public static Config operator +(string configHocon, Config fallbackConfig) =>
        ConfigurationFactory.ParseString(configHocon).WithFallback(fallbackConfig);

    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    protected Config Copy(Config? fallback = null) => new(this, fallback);

    private IList<T> List<T>(string path, Func<HoconValue, string?, T> read) =>
        Present(path) is { } value ? HoconConversions.List(value, path, read) : [];

    private HoconValue? Present(string path) => Find(path) is { Kind: not HoconKind.Null } value ? value : null;

    private HoconValue? Find(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return path.Contains('"') ? FindQuoted(path) : FindPlain(path);
    }

    private HoconValue? FindPlain(ReadOnlySpan<char> path)
    {
        var value = Root;
        while (true)
        {
            var dot = path.IndexOf('.');
            var child = value.ObjectOrNull?.GetKey(dot < 0 ? path : path[..dot]);
            if (child is null || dot < 0) return child;
            value = child;
            path = path[(dot + 1)..];
        }
    }

    private HoconValue? FindQuoted(string path)
    {
        var value = Root;
        foreach (var key in HoconPath.Parse(path))
        {
            if (value.GetChildObject(key) is not { } child) return null;
            value = child;
        }
        return value;
    }

    private HoconValue Resolve()
    {
        if (_layers is [HoconValueNode only]) return only.Value;
        if (_layers.Length == 0) return HoconRootOfNothing;
        var lowestFirst = new List<HoconNode>(_layers);
        lowestFirst.Reverse();
        return HoconResolver.Resolve(lowestFirst);
    }

    private static HoconValue HoconRootOfNothing => new(new HoconObject(), new HoconPosition(null, 1, 1));
}
