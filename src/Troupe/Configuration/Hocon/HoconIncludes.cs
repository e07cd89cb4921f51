using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Akka.Configuration.Hocon;

/// <summary>How an include statement names its text.</summary>
internal enum HoconIncludeKind
{
    Any,
    File,
    Resource,
}

/// <summary><c>include "x"</c>, <c>include file("x")</c>, <c>include resource("x")</c>, each also as <c>required(...)</c>.</summary>
internal readonly record struct HoconIncludeStatement(HoconIncludeKind Kind, string Name, bool Required, HoconPosition Position)
{
    private const string Keyword = "include";

    /// <summary>Reads the statement when one starts here. <c>include = 1</c> is an ordinary key.</summary>
    public static bool TryRead(HoconCursor cursor, out HoconIncludeStatement statement)
    {
        statement = default;
        if (!cursor.StartsWith(Keyword)) return false;
        var ahead = Keyword.Length;
        while (cursor.Peek(ahead) is ' ' or '\t') ahead++;
        var next = cursor.Peek(ahead);
        if (next != '"' && (ahead == Keyword.Length || !char.IsAsciiLetter(next))) return false;
        var position = cursor.Position;
        cursor.Advance(ahead);
        statement = ReadArgument(cursor, position);
        return true;
    }

    private static HoconIncludeStatement ReadArgument(HoconCursor cursor, HoconPosition position)
    {
        if (cursor.Current == '"')
            return new HoconIncludeStatement(HoconIncludeKind.Any, HoconText.ReadQuoted(cursor), false, position);
        if (TakeCall(cursor, "required"))
        {
            var inner = ReadArgument(cursor, position);
            Close(cursor);
            return inner with { Required = true };
        }
        var kind = TakeCall(cursor, "file") ? HoconIncludeKind.File
            : TakeCall(cursor, "resource") || TakeCall(cursor, "classpath") ? HoconIncludeKind.Resource
            : throw cursor.Error("an include of an unknown kind",
                "Write include \"name\", file(\"name\"), resource(\"name\") or required(...).");
        if (cursor.Current != '"') throw cursor.Error("an include without a name in quotes", "Write for example file(\"a.conf\").");
        var name = HoconText.ReadQuoted(cursor);
        Close(cursor);
        return new HoconIncludeStatement(kind, name, false, position);
    }

    private static bool TakeCall(HoconCursor cursor, string function)
    {
        if (!cursor.StartsWith(function + "(")) return false;
        cursor.Advance(function.Length + 1);
        cursor.TakeBlanks();
        return true;
    }

    private static void Close(HoconCursor cursor)
    {
        cursor.TakeBlanks();
        if (cursor.Current != ')') throw cursor.Error("an include without ')'", "Write for example file(\"a.conf\").");
        cursor.Advance();
    }
}

/// <summary>
/// Finds what include statements name: by the application's callback when there is one, else an embedded resource of the
/// assembly that the text came from, else a file beside the including file (or in the current directory).
/// </summary>
internal sealed class HoconIncludes
{
    private const int MaxNesting = 20;

    private readonly Func<string, HoconRoot>? _callback;
    private readonly Assembly? _assembly;
    private readonly string _directory;
    private readonly int _nesting;

    public HoconIncludes(Func<string, HoconRoot>? callback = null, Assembly? assembly = null)
        : this(callback, assembly, "", 0) { }

    private HoconIncludes(Func<string, HoconRoot>? callback, Assembly? assembly, string directory, int nesting)
    {
        _callback = callback;
        _assembly = assembly;
        _directory = directory;
        _nesting = nesting;
    }

    /// <summary>The included object; null when it is absent and not required.</summary>
    public HoconObjectNode? Load(HoconIncludeStatement include, HoconCursor cursor)
    {
        if (_nesting >= MaxNesting)
            throw cursor.Error($"\"{include.Name}\" is included {MaxNesting} levels deep",
                "A text that includes itself has no end; break the circle.", include.Position);
        if (_callback is not null && _callback(include.Name) is { } root) return root.Node;
        if (include.Kind != HoconIncludeKind.File && TryReadResource(include.Name, out var text))
            return HoconReader.Read(text, include.Name, new HoconIncludes(_callback, _assembly, _directory, _nesting + 1));
        if (include.Kind != HoconIncludeKind.Resource && TryReadFile(include, cursor, out text, out var path))
        {
            var directory = Path.GetDirectoryName(path) ?? "";
            return HoconReader.Read(text, include.Name, new HoconIncludes(_callback, _assembly, directory, _nesting + 1));
        }
        return include.Required
            ? throw cursor.Error($"the required include \"{include.Name}\" was not found", "Check its name and place.", include.Position)
            : null;
    }

    private bool TryReadResource(string name, [NotNullWhen(true)] out string? text)
    {
        using var stream = _assembly?.GetManifestResourceStream(name);
        text = null;
        if (stream is null) return false;
        using var reader = new StreamReader(stream);
        text = reader.ReadToEnd();
        return true;
    }

    private bool TryReadFile(HoconIncludeStatement include, HoconCursor cursor, [NotNullWhen(true)] out string? text, out string path)
    {
        text = null;
        path = include.Name;
        if (path.Length == 0 || path.Contains('\0')) return false;
        path = Path.Combine(_directory, path);
        try
        {
            if (!File.Exists(path)) return false;
            text = File.ReadAllText(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw cursor.Error($"the include \"{include.Name}\" cannot be read ({e.Message})",
                "Check the file and who may read it.", include.Position);
        }
    }
}
