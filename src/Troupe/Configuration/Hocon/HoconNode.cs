namespace Akka.Configuration.Hocon;

/// <summary>A value as it was written, before substitutions are looked up and layers are merged.</summary>
internal abstract class HoconNode(HoconPosition position)
{
    public HoconPosition Position { get; } = position;

    /// <summary>The same node for a text that is included under <paramref name="prefix"/>.</summary>
    public virtual HoconNode Under(string[] prefix) => this;
}

/// <summary>A value that is known: text, null, or a value that was resolved before.</summary>
internal sealed class HoconValueNode(HoconValue value) : HoconNode(value.Position)
{
    public HoconValue Value { get; } = value;

    /// <summary>True for the space between two parts of a value: it counts only where the parts join as text.</summary>
    public bool IsSpace { get; init; }
}

internal sealed class HoconArrayNode(HoconPosition position, List<HoconNode> elements) : HoconNode(position)
{
    public List<HoconNode> Elements { get; } = elements;

    public override HoconNode Under(string[] prefix) => new HoconArrayNode(Position, Elements.ConvertAll(e => e.Under(prefix)));
}

/// <summary><c>${path}</c> or, when <paramref name="optional"/>, <c>${?path}</c>.</summary>
internal sealed class HoconSubstitutionNode(HoconPosition position, string[] path, bool optional) : HoconNode(position)
{
    public string[] Path { get; } = path;

    public bool IsOptional { get; } = optional;

    /// <summary>Where the text that contains it is included: looked up there first, then from the root.</summary>
    public string[] Prefix { get; init; } = [];

    /// <summary>It stands beside an object in the source, so that only an object may come of it.</summary>
    public bool MustBeObject { get; init; }

    public override HoconNode Under(string[] prefix) => new HoconSubstitutionNode(Position, Path, IsOptional)
    {
        Prefix = [.. prefix, .. Prefix],
        MustBeObject = MustBeObject,
    };
}

/// <summary>Parts in a row that make one value: text with text, arrays with arrays, objects with objects.</summary>
internal sealed class HoconConcatNode(HoconPosition position, List<HoconNode> parts) : HoconNode(position)
{
    public List<HoconNode> Parts { get; } = parts;

    public override HoconNode Under(string[] prefix) => new HoconConcatNode(Position, Parts.ConvertAll(p => p.Under(prefix)));
}

/// <summary>The key of an object that another definition may turn out to be: looked at only when it is asked for.</summary>
internal sealed class HoconChildNode(HoconPosition position, HoconScope parent, int index, string key) : HoconNode(position)
{
    public HoconScope Parent { get; } = parent;

    public int Index { get; } = index;

    public string Key { get; } = key;
}

/// <summary>A value that is no object stands here and hides what lower layers say about the keys below it.</summary>
internal sealed class HoconHidingNode(HoconPosition position) : HoconNode(position);
