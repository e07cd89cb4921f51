namespace Akka.Configuration.Hocon;

/// <summary>
/// Reads HOCON text into nodes. One reader a text; an included text gets a reader of its own.
/// Invariants:
/// <list type="number">
/// <item>Every failure is a <see cref="ConfigurationException"/> that names line and column.</item>
/// <item>Recursion is bounded by <see cref="HoconPath.MaxDepth"/>, time by the length of the text.</item>
/// </list>
/// </summary>
internal sealed class HoconReader
{
    private readonly HoconCursor _cursor;
    private readonly HoconIncludes _includes;

    /// <summary>How deep the innermost open list stands.</summary>
    private int _depth;

    private HoconReader(string text, string? source, HoconIncludes includes)
    {
        _cursor = new HoconCursor(text, source);
        _includes = includes;
    }

    public static HoconObjectNode Read(string text, string? source, HoconIncludes includes) =>
        new HoconReader(text, source, includes).ReadRoot();

    private HoconObjectNode ReadRoot()
    {
        _cursor.SkipToContent();
        var start = _cursor.Position;
        if (_cursor.Current == '[')
            throw _cursor.Error("a list", "A configuration is an object: begin with a key, or with '{'.");
        var root = new HoconObjectNode(start);
        if (_cursor.Current != '{')
        {
            ReadFields(root, [], opened: null);
            return root;
        }
        _cursor.Advance();
        ReadFields(root, [], opened: start);
        _cursor.SkipToContent();
        return _cursor.AtEnd ? root
            : throw _cursor.Error($"'{_cursor.Current}' after the end of the configuration",
                $"The '{{' at {start} is closed before it; remove one of the two.");
    }

    private void ReadFields(HoconObjectNode into, string[] path, HoconPosition? opened)
    {
        _cursor.SkipToContent();
        while (true)
        {
            if (_cursor.AtEnd)
            {
                if (opened is null) return;
                throw _cursor.Error($"the '{{' opened at {opened} has no end", "Close it with '}'.");
            }
            if (_cursor.Current == '}')
            {
                if (opened is null) throw _cursor.Error("a '}' that closes nothing", "Remove it, or open it with '{'.");
                _cursor.Advance();
                return;
            }
            if (_cursor.Current == ',') throw _cursor.Error("a ',' with no setting before it", "Remove it.");
            if (!TryReadInclude(into, path)) ReadField(into, path);
            ReadSeparator('}');
        }
    }

    /// <summary>Between two settings or elements: a newline, or one comma.</summary>
    private void ReadSeparator(char closing)
    {
        var newline = _cursor.SkipToContent();
        if (_cursor.Current == ',')
        {
            _cursor.Advance();
            _cursor.SkipToContent();
        }
        else if (!newline && !_cursor.AtEnd && _cursor.Current != closing)
        {
            throw _cursor.Error($"'{_cursor.Current}' after a value",
                $"A value ends with a newline, ',' or '{closing}'; text with special characters stands in double quotes.");
        }
    }

    private bool TryReadInclude(HoconObjectNode into, string[] path)
    {
        if (!HoconIncludeStatement.TryRead(_cursor, out var statement)) return false;
        if (_includes.Load(statement, _cursor) is { } included) into.Absorb((HoconObjectNode)included.Under(path));
        return true;
    }

    private void ReadField(HoconObjectNode into, string[] path)
    {
        var at = _cursor.Position;
        if (HoconText.IsReserved(_cursor.Current) && _cursor.Current != '"')
            throw _cursor.Error($"'{_cursor.Current}' where a key should be",
                "Put a key with special characters in double quotes.");
        var keys = HoconPath.Read(_cursor);
        string[] full = [.. path, .. keys];
        if (full.Length > HoconPath.MaxDepth)
            throw _cursor.Error($"a path of {full.Length} keys", $"A path has at most {HoconPath.MaxDepth} keys.", at);
        _cursor.SkipToContent();
        switch (_cursor.Current)
        {
            case '{':
                DefineAll(into, keys, ReadValue(full));
                break;
            case ':' or '=':
                _cursor.Advance();
                _cursor.SkipToContent();
                DefineAll(into, keys, ReadValue(full));
                break;
            case '+' when _cursor.Peek(1) == '=':
                _cursor.Advance(2);
                _cursor.SkipToContent();
                into.Define(keys, Appended(at, full, ReadValue(full)));
                break;
            default:
                throw _cursor.Error($"no value follows the key '{HoconPath.Render(keys)}'",
                    "After a key stands '=', ':', '+=' or '{'.");
        }
    }

    /// <summary><c>a += b</c> is <c>a = ${?a} [b]</c>.</summary>
    private static HoconConcatNode Appended(HoconPosition at, string[] path, List<HoconNode> values) => new(at,
    [
        new HoconSubstitutionNode(at, path, optional: true),
        new HoconArrayNode(at, [values.Count == 1 ? values[0] : new HoconConcatNode(at, values)]),
    ]);

    private static void DefineAll(HoconObjectNode into, string[] keys, List<HoconNode> definitions)
    {
        foreach (var definition in definitions) into.Define(keys, definition);
    }

    /// <summary>
    /// Reads one value. Where objects stand side by side, each is a definition of its own (they merge as repeated ones do);
    /// otherwise there is exactly one.
    /// </summary>
    private List<HoconNode> ReadValue(string[] path)
    {
        var at = _cursor.Position;
        if (_depth + path.Length >= HoconPath.MaxDepth)
            throw _cursor.Error("a value nested too deeply", $"Values nest to a depth of {HoconPath.MaxDepth}.");
        var parts = new List<HoconNode>();
        while (true)
        {
            var blankAt = _cursor.Position;
            var blanks = _cursor.TakeBlanks();
            if (AtEndOfValue()) break;
            if (parts.Count > 0 && blanks.Length > 0)
                parts.Add(new HoconValueNode(HoconValue.OfText(blanks, blankAt)) { IsSpace = true });
            parts.Add(ReadPart(path));
        }
        if (parts.Count == 0)
            throw _cursor.Error("a value is missing",
                "Write one; an empty text is \"\", an empty list [], an empty object {}.", at);
        return Join(at, parts);
    }

    private bool AtEndOfValue() =>
        _cursor.AtEnd || _cursor.AtNewline || _cursor.AtComment || _cursor.Current is ',' or '}' or ']';

    private HoconNode ReadPart(string[] path)
    {
        var at = _cursor.Position;
        switch (_cursor.Current)
        {
            case '{':
                _cursor.Advance();
                var fields = new HoconObjectNode(at);
                ReadFields(fields, path, at);
                return fields;
            case '[':
                return ReadArray(path.Length);
            case '"':
                return new HoconValueNode(HoconValue.OfText(HoconText.ReadQuoted(_cursor), at));
            case '$' when _cursor.Peek(1) == '{':
                return ReadSubstitution();
        }
        var text = HoconText.ReadUnquoted(_cursor, inKey: false);
        if (text.Length == 0)
            throw _cursor.Error($"'{_cursor.Current}' cannot stand in text without quotes",
                "Put the whole value in double quotes.");
        return new HoconValueNode(HoconValue.OfUnquoted(text, at));
    }

    private HoconArrayNode ReadArray(int pathLength)
    {
        var at = _cursor.Position;
        var elements = new List<HoconNode>();
        _cursor.Advance();
        _cursor.SkipToContent();
        _depth += pathLength + 1;
        while (_cursor.Current != ']')
        {
            if (_cursor.AtEnd) throw _cursor.Error($"the '[' opened at {at} has no end", "Close it with ']'.");
            if (_cursor.Current == ',') throw _cursor.Error("a ',' with no element before it", "Remove it.");
            var parts = ReadValue([]);
            elements.Add(parts.Count == 1 ? parts[0] : new HoconConcatNode(parts[0].Position, parts));
            ReadSeparator(']');
        }
        _depth -= pathLength + 1;
        _cursor.Advance();
        return new HoconArrayNode(at, elements);
    }

    private HoconSubstitutionNode ReadSubstitution()
    {
        var at = _cursor.Position;
        _cursor.Advance(2);
        var optional = _cursor.Current == '?';
        if (optional) _cursor.Advance();
        _cursor.TakeBlanks();
        var path = HoconPath.Read(_cursor);
        if (_cursor.Current != '}')
            throw _cursor.Error($"the substitution opened at {at} has no end", "Write ${path} or ${?path}.");
        _cursor.Advance();
        return new HoconSubstitutionNode(at, path, optional);
    }

    private List<HoconNode> Join(HoconPosition at, List<HoconNode> parts)
    {
        if (parts.Count == 1) return parts;
        var objects = parts.Exists(p => p is HoconObjectNode);
        var arrays = parts.Exists(p => p is HoconArrayNode);
        if (objects || arrays)
        {
            parts.RemoveAll(p => p is HoconValueNode { IsSpace: true });
            var stranger = parts.Find(p => p is HoconValueNode || (objects && p is HoconArrayNode));
            if (stranger is not null)
                throw _cursor.Error("a value made of parts that do not join",
                    "Text joins text, lists join lists, objects join objects.", stranger.Position);
        }
        if (objects) return parts.ConvertAll(ObjectOnly);
        if (parts.TrueForAll(p => p is HoconValueNode))
        {
            var text = string.Concat(parts.Select(p => ((HoconValueNode)p).Value.TextInConcat));
            return [new HoconValueNode(HoconValue.OfText(text, at))];
        }
        return [new HoconConcatNode(at, parts)];
    }

    private static HoconNode ObjectOnly(HoconNode part) => part is HoconSubstitutionNode s
        ? new HoconSubstitutionNode(s.Position, s.Path, s.IsOptional) { MustBeObject = true }
        : part;
}
