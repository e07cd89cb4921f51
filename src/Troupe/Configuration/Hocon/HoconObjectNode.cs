namespace Akka.Configuration.Hocon;

/// <summary>
/// An object as it was written. Each key keeps all its definitions in order, the last one wins: a substitution may look back at
/// the earlier ones, and objects merge.
/// </summary>
internal sealed class HoconObjectNode(HoconPosition position) : HoconNode(position)
{
    private readonly Dictionary<string, List<HoconNode>> _fields = [];

    public bool IsEmpty => _fields.Count == 0;

    /// <summary>The keys in order of their first mention.</summary>
    public IEnumerable<string> Keys => _fields.Keys;

    public List<HoconNode>? Definitions(string key) => _fields.GetValueOrDefault(key);

    /// <summary>Adds a definition at a path of keys below this object.</summary>
    public void Define(ReadOnlySpan<string> path, HoconNode definition)
    {
        var definitions = DefinitionsOf(path[0]);
        if (path.Length == 1)
        {
            if (definition is HoconObjectNode added && LastObject(definitions) is { } existing) existing.Absorb(added);
            else definitions.Add(definition);
            return;
        }
        var inner = LastObject(definitions);
        if (inner is null) definitions.Add(inner = new HoconObjectNode(definition.Position));
        inner.Define(path[1..], definition);
    }

    /// <summary>Adds every definition of <paramref name="other"/> after the present ones.</summary>
    public void Absorb(HoconObjectNode other)
    {
        foreach (var (key, definitions) in other._fields)
        {
            foreach (var definition in definitions) Define([key], definition);
        }
    }

    public override HoconNode Under(string[] prefix)
    {
        var copy = new HoconObjectNode(Position);
        foreach (var (key, definitions) in _fields) copy._fields.Add(key, definitions.ConvertAll(d => d.Under(prefix)));
        return copy;
    }

    private static HoconObjectNode? LastObject(List<HoconNode> definitions) =>
        definitions.Count > 0 ? definitions[^1] as HoconObjectNode : null;

    private List<HoconNode> DefinitionsOf(string key)
    {
        if (!_fields.TryGetValue(key, out var definitions)) _fields.Add(key, definitions = []);
        return definitions;
    }
}
