using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Akka.Configuration.Hocon;

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
        if (!include.Required) return null;
        throw cursor.Error($"the required include \"{include.Name}\" was not found", "Check its name and place.",
            include.Position);
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

    private bool TryReadFile(
        HoconIncludeStatement include, HoconCursor cursor, [NotNullWhen(true)] out string? text, out string path)
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
