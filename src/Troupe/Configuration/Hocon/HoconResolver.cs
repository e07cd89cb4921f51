using System.Runtime.CompilerServices;

namespace Akka.Configuration.Hocon;

/// <summary>All definitions at one path, lowest layer first, of which the first <paramref name="Count"/> are seen.</summary>
internal sealed record HoconScope(string Path, List<HoconNode> Definitions, int Count);

/// <summary>
/// Merges the layers of a stack and looks up their substitutions, over the whole stack. One resolver a stack, used once.
/// Invariants:
/// <list type="number">
/// <item>A substitution sees the final value of its path, except where that value is the one being worked out: then it sees
/// what was defined before it (a self-reference looks back).</item>
/// <item>The definitions visible at a path are a prefix of all of them, so that (path, count) identifies them.</item>
/// <item>A result is remembered only if it does not depend on what was being worked out around it.</item>
/// <item>Depth, steps, values and characters are bounded; past a bound it is a <see cref="ConfigurationException"/>.</item>
/// </list>
/// </summary>
internal sealed class HoconResolver
{
    private const int MaxNesting = 1_000;
    private const int MaxDepth = 256;
    private const int MaxSteps = 2_000_000;
    private const long MaxValues = 1_000_000;
    private const long MaxCharacters = 16_000_000;

    /// <summary>Evaluates to "this hides what is below it, and has no such key".</summary>
    private static readonly HoconValue Hidden = HoconValue.OfUnquoted("null", default);

    private readonly HoconScope _root;
    private readonly Dictionary<(string Path, int Index, bool Whole), HoconValue?> _known = [];
    private readonly Dictionary<string, (int Limit, int Frame)> _inProgress = [];
    private int _frames;
    private int _lowestFrameSeen = int.MaxValue;
    private int _nesting;
    private int _steps;
    private int _anonymous;
    private long _characters;

    private HoconResolver(List<HoconNode> layers) => _root = new HoconScope("", layers, layers.Count);

    /// <summary>The object that <paramref name="layers"/> (lowest first) make together.</summary>
    public static HoconValue Resolve(List<HoconNode> layers)
    {
        var resolver = new HoconResolver(layers);
        return resolver.Whole(resolver._root) ?? new HoconValue(new HoconObject(), layers[^1].Position);
    }

    /// <summary>The value at a path; null when nothing is defined there.</summary>
    private HoconValue? Whole(HoconScope scope)
    {
        if (scope.Count == 0) return null;
        if (scope.Definitions[scope.Count - 1] is HoconValueNode { Value.Kind: not HoconKind.Object } plain) return plain.Value;
        return Remembered((scope.Path, scope.Count, true), scope.Definitions[scope.Count - 1].Position, () => Merge(scope));
    }

    private HoconValue? Merge(HoconScope scope)
    {
        var objects = new List<(HoconObjectNode? Node, HoconValue? Value)>();
        for (var i = scope.Count - 1; i >= 0; i--)
        {
            if (scope.Definitions[i] is HoconObjectNode node)
            {
                objects.Add((node, null));
                continue;
            }
            var value = Evaluate(scope, i);
            if (value is null) continue;
            if (value.IsObject()) objects.Add((null, value));
            else if (objects.Count > 0 || ReferenceEquals(value, Hidden)) break;
            else return value;
        }
        if (objects.Count == 0) return null;
        return objects is [(_, { } only)] ? only : MergeFields(scope, objects);
    }

    private HoconValue MergeFields(HoconScope scope, List<(HoconObjectNode? Node, HoconValue? Value)> objects)
    {
        var position = objects[0].Node?.Position ?? objects[0].Value!.Position;
        var merged = new HoconObject();
        var seen = new HashSet<string>();
        foreach (var (node, value) in objects)
        {
            foreach (var key in node?.Keys ?? value!.GetObject().Items.Keys)
            {
                if (seen.Add(key) && Whole(Field(scope, key)) is { } child) merged.Items.Add(key, child);
            }
        }
        return Bounded(new HoconValue(merged, position));
    }

    /// <summary>A field of an object that is wanted whole, maybe by the value of that field itself.</summary>
    private HoconScope Field(HoconScope scope, string key)
    {
        var all = Child(scope, key);
        var visible = all;
        if (LooksBack(ref visible) && visible.Count == 0) throw Circle(key, all.Definitions[0].Position);
        return visible;
    }

    /// <summary>The definitions of <paramref name="key"/> below a path. None of them is worked out yet.</summary>
    private static HoconScope Child(HoconScope scope, string key)
    {
        var definitions = new List<HoconNode>();
        for (var i = 0; i < scope.Count; i++)
        {
            switch (scope.Definitions[i])
            {
                case HoconObjectNode node:
                    if (node.Definitions(key) is { } found) definitions.AddRange(found);
                    break;
                case HoconValueNode { Value.Kind: HoconKind.Object } known:
                    if (known.Value.GetChildObject(key) is { } child) definitions.Add(new HoconValueNode(child));
                    break;
                case HoconValueNode or HoconArrayNode or HoconHidingNode:
                    definitions.Add(new HoconHidingNode(scope.Definitions[i].Position));
                    break;
                default:
                    definitions.Add(new HoconChildNode(scope.Definitions[i].Position, scope, i, key));
                    break;
            }
        }
        return new HoconScope(HoconPath.Append(scope.Path, key), definitions, definitions.Count);
    }

    private HoconValue? Evaluate(HoconScope scope, int index)
    {
        switch (scope.Definitions[index])
        {
            case HoconValueNode known:
                return known.Value;
            case HoconHidingNode:
                return Hidden;
            case HoconChildNode child:
                var parent = Evaluate(child.Parent, child.Index);
                return parent is null || ReferenceEquals(parent, Hidden) ? parent
                    : parent.IsObject() ? parent.GetChildObject(child.Key) : Hidden;
            case var node:
                return Remembered((scope.Path, index, false), node.Position, () => EvaluateInProgress(scope, index));
        }
    }

    private HoconValue? EvaluateInProgress(HoconScope scope, int index)
    {
        var before = _inProgress.TryGetValue(scope.Path, out var outer);
        _inProgress[scope.Path] = (index, _frames++);
        try
        {
            return Value(scope.Definitions[index]);
        }
        finally
        {
            _frames--;
            if (before) _inProgress[scope.Path] = outer;
            else _inProgress.Remove(scope.Path);
        }
    }

    private HoconValue? Value(HoconNode node) => node switch
    {
        HoconValueNode known => known.Value,
        HoconSubstitutionNode substitution => Substituted(substitution),
        HoconArrayNode array => Bounded(new HoconValue([.. array.Elements.Select(Value).OfType<HoconValue>()], array.Position)),
        HoconConcatNode concat => Joined(concat),
        _ => WholeOf([node]),
    };

    /// <summary>An object that no path leads to: an element of a list, or made of parts that stand side by side.</summary>
    private HoconValue? WholeOf(List<HoconNode> definitions) =>
        Whole(new HoconScope($"\0{_anonymous++}", definitions, definitions.Count));

    private HoconValue? Substituted(HoconSubstitutionNode substitution)
    {
        var cut = false;
        var value = substitution.Prefix.Length > 0 ? Find([.. substitution.Prefix, .. substitution.Path], ref cut) : null;
        value ??= Find(substitution.Path, ref cut) ?? FromEnvironment(substitution);
        if (value is null && !substitution.IsOptional) throw Unresolved(substitution, cut);
        if (value is not null && substitution.MustBeObject && !value.IsObject())
            throw new ConfigurationException($"The configuration cannot be read: ${{{HoconPath.Render(substitution.Path)}}} at "
                + $"{substitution.Position} stands beside an object, but it is no object. Objects join objects only.");
        return value;
    }

    private HoconValue? Find(string[] path, ref bool cut)
    {
        var scope = _root;
        foreach (var key in path)
        {
            scope = Child(scope, key);
            cut |= LooksBack(ref scope);
        }
        return Whole(scope);
    }

    /// <summary>Where a value is being worked out, what asks for it sees only the definitions before it.</summary>
    private bool LooksBack(ref HoconScope scope)
    {
        if (!_inProgress.TryGetValue(scope.Path, out var progress)) return false;
        scope = scope with { Count = Math.Min(scope.Count, progress.Limit) };
        _lowestFrameSeen = Math.Min(_lowestFrameSeen, progress.Frame);
        return true;
    }

    private static HoconValue? FromEnvironment(HoconSubstitutionNode substitution)
    {
        var name = string.Join('.', substitution.Path);
        if (name.Length == 0 || name.Contains('=') || name.Contains('\0')) return null;
        return Environment.GetEnvironmentVariable(name) is { } text ? HoconValue.OfText(text, substitution.Position) : null;
    }

    private static ConfigurationException Unresolved(HoconSubstitutionNode substitution, bool cut)
    {
        var path = HoconPath.Render(substitution.Path);
        return cut ? Circle(path, substitution.Position) : new ConfigurationException(
            $"The configuration cannot be read: ${{{path}}} at {substitution.Position} is defined neither in the configuration "
            + $"nor in the environment. Define it, or write ${{?{path}}} if it may be absent.");
    }

    private static ConfigurationException Circle(string path, HoconPosition position) => new(
        $"The configuration cannot be read: the value of {path} at {position} leads back to itself, and nothing is defined "
        + "before it. Break the circle, or give it an earlier value.");

    private HoconValue? Joined(HoconConcatNode concat)
    {
        var parts = new List<(HoconValue Value, bool IsSpace)>();
        foreach (var part in concat.Parts)
        {
            if (Value(part) is { } value) parts.Add((value, part is HoconValueNode { IsSpace: true }));
        }
        var solid = parts.FindAll(p => !p.IsSpace).ConvertAll(p => p.Value);
        if (solid.Count == 0) return null;
        if (solid.TrueForAll(v => v.IsArray()))
            return Bounded(new HoconValue([.. solid.SelectMany(v => v.GetArray())], concat.Position));
        if (solid.TrueForAll(v => v.IsObject()))
            return WholeOf(solid.ConvertAll(HoconNode (v) => new HoconValueNode(v)));
        if (solid.Exists(v => v.IsArray() || v.IsObject()))
            throw new ConfigurationException($"The configuration cannot be read: the parts of the value at {concat.Position} "
                + "do not join. Text joins text, lists join lists, objects join objects.");
        if (parts.Count == 1) return solid[0];
        var length = parts.Sum(p => (long)p.Value.TextInConcat.Length);
        if ((_characters += length) > MaxCharacters) throw TooLarge(concat.Position, $"{MaxCharacters} characters");
        return HoconValue.OfText(string.Concat(parts.Select(p => p.Value.TextInConcat)), concat.Position);
    }

    private HoconValue? Remembered((string, int, bool) key, HoconPosition position, Func<HoconValue?> compute)
    {
        if (_known.TryGetValue(key, out var known)) return known;
        if (++_steps > MaxSteps) throw TooLarge(position, $"{MaxSteps} steps");
        if (++_nesting > MaxNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw TooLarge(position, $"{MaxNesting} values that depend on each other");
        var (outerSeen, frames) = (_lowestFrameSeen, _frames);
        _lowestFrameSeen = int.MaxValue;
        var value = compute();
        if (_lowestFrameSeen >= frames)
        {
            _known[key] = value;
            _lowestFrameSeen = int.MaxValue;
        }
        _lowestFrameSeen = Math.Min(_lowestFrameSeen, outerSeen);
        _nesting--;
        return value;
    }

    private static HoconValue Bounded(HoconValue value)
    {
        if (value.Size > MaxValues) throw TooLarge(value.Position, $"{MaxValues} values");
        if (value.Depth > MaxDepth) throw TooLarge(value.Position, $"a depth of {MaxDepth}");
        return value;
    }

    private static ConfigurationException TooLarge(HoconPosition position, string bound) => new(
        $"The configuration cannot be read: the value at {position} grows beyond {bound} through its substitutions. "
        + "Simplify what it refers to.");
}
