using System.Text;

namespace KvStore.Node.Settings;

/// <summary>
/// Says on which line of a HOCON file each key is set, for the mistakes that people are to mend: the parser's public API keeps no positions. Reads
/// texts that the parser has taken already, so it looks for keys alone and believes the rest; a key that it does not find has no line, and
/// that is all.
/// </summary>
internal sealed class HoconLines
{
    private const int MaxNesting = 20;

    private readonly List<SettingLine> _found;
    private readonly string _file;
    private readonly string _text;
    private readonly int _nesting;
    private int _at;
    private int _line = 1;

    private HoconLines(string file, string text, List<SettingLine> found, int nesting) => (_file, _text, _found, _nesting) = (file, text, found, nesting);

    /// <summary>Every key of a file and of those that it includes, in the order in which they are set: the last of a path is in force.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<SettingLine> Of(string file)
    {
        var found = new List<SettingLine>();
        new HoconLines(file, File.ReadAllText(file), found, nesting: 0).ReadObject("");
        return found;
    }

    private bool AtEnd => _at >= _text.Length;

    private char Current => AtEnd ? '\0' : _text[_at];

    private void ReadObject(string prefix)
    {
        while (true)
        {
            SkipBlank();
            if (AtEnd) return;
            if (Current == '}')
            {
                Advance();
                return;
            }
            if (Current == '{') // the braces around a whole file
            {
                Advance();
                ReadObject(prefix);
            }
            else if (StartsWith("include ") || StartsWith("include\t")) ReadInclude(prefix);
            else ReadSetting(prefix);
        }
    }

    private void ReadSetting(string prefix)
    {
        var line = _line;
        var start = _at;
        var path = prefix + ReadPath();
        _found.Add(new SettingLine(path, _file, line));
        while (Current is '=' or ':' or '+') Advance();
        SkipBlank();
        if (Current == '{')
        {
            Advance();
            ReadObject(path + ".");
        }
        else SkipValue();
        if (_at == start) Advance(); // nothing that begins a key: go on behind it
    }

    /// <summary>Up to what follows a key; quoted parts without their quotes.</summary>
    private string ReadPath()
    {
        var path = new StringBuilder();
        while (!AtEnd && Current is not ('=' or ':' or '{' or '}' or '\n' or ',' or '+'))
        {
            if (Current == '"') path.Append(ReadQuoted());
            else
            {
                path.Append(Current);
                Advance();
            }
        }
        return path.ToString().Trim();
    }

    private void ReadInclude(string prefix)
    {
        while (!AtEnd && Current is not ('"' or '\n')) Advance();
        if (Current != '"') return;
        var included = Path.Combine(Path.GetDirectoryName(_file)!, ReadQuoted());
        while (Current is ')' or ' ') Advance();
        if (_nesting < MaxNesting && File.Exists(included))
            new HoconLines(included, File.ReadAllText(included), _found, _nesting + 1).ReadObject(prefix);
    }

    /// <summary>A value that is no object, up to the end of its line, a comma, or the end of the object around it.</summary>
    private void SkipValue()
    {
        var depth = 0;
        while (!AtEnd)
        {
            switch (Current)
            {
                case '"':
                    ReadQuoted();
                    continue;
                case '#' or '/' when AtComment():
                    SkipComment();
                    continue;
                case '[' or '{':
                    depth++;
                    break;
                case ']' or '}' when depth > 0:
                    depth--;
                    break;
                case '}' or ',' or '\n' when depth == 0:
                    return;
            }
            Advance();
        }
    }

    private string ReadQuoted()
    {
        const string triple = "\"\"\"";
        var isTriple = StartsWith(triple);
        for (var i = 0; i < (isTriple ? triple.Length : 1); i++) Advance();
        var start = _at;
        while (!AtEnd && (isTriple ? !StartsWith(triple) : Current is not ('"' or '\n')))
        {
            if (!isTriple && Current == '\\') Advance();
            Advance();
        }
        var quoted = _text[start..Math.Min(_at, _text.Length)];
        for (var i = 0; i < (isTriple ? triple.Length : 1) && Current == '"'; i++) Advance();
        return quoted;
    }

    private void SkipBlank()
    {
        while (!AtEnd)
        {
            if (AtComment()) SkipComment();
            else if (Current is ' ' or '\t' or '\r' or '\uFEFF' or '\n' or ',') Advance();
            else return;
        }
    }

    private bool AtComment() => Current == '#' || StartsWith("//");

    private void SkipComment()
    {
        while (!AtEnd && Current != '\n') Advance();
    }

    private bool StartsWith(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    private void Advance()
    {
        if (AtEnd) return;
        if (_text[_at] == '\n') _line++;
        _at++;
    }
}

/// <summary>Where a key is set.</summary>
internal readonly record struct SettingLine(string Path, string File, int Line);
