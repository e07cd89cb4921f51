using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Path expressions: keys joined by dots, where a key with a dot or another special character is quoted.</summary>
internal static class HoconPath
{
    /// <summary>No path has more keys, no value nests deeper: every walk over a configuration is bounded by it.</summary>
    public const int MaxDepth = 128;

    public static string[] Parse(string path)
    {
        var cursor = new HoconCursor(path, $"the path '{path}'");
        cursor.TakeBlanks();
        var keys = Read(cursor);
        if (!cursor.AtEnd)
            throw cursor.Error($"'{cursor.Current}' in a path", "Put the key that contains it in double quotes.");
        return keys;
    }

    /// <summary>Reads keys up to the first character that cannot belong to a path; trailing blanks are taken along.</summary>
    public static string[] Read(HoconCursor cursor)
    {
        var keys = new List<string>();
        var key = new StringBuilder();
        var started = false;
        var blanks = "";
        while (!cursor.AtEnd && !cursor.AtNewline && !cursor.AtComment)
        {
            if (cursor.AtBlank) blanks = cursor.TakeBlanks();
            else if (cursor.Current == '.')
            {
                keys.Add(Finish(cursor, key, started));
                (started, blanks) = (false, "");
                cursor.Advance();
            }
            else
            {
                var quoted = cursor.Current == '"';
                var text = quoted ? HoconText.ReadQuoted(cursor) : HoconText.ReadUnquoted(cursor, inKey: true);
                if (!quoted && text.Length == 0) break;
                key.Append(started ? blanks : "").Append(text);
                (started, blanks) = (true, "");
            }
        }
        keys.Add(Finish(cursor, key, started));
        return keys.Count <= MaxDepth
            ? [.. keys]
            : throw cursor.Error($"a path of {keys.Count} keys", $"A path has at most {MaxDepth} keys.");
    }

    public static string Render(IEnumerable<string> keys) => keys.Aggregate("", Append);

    public static string Append(string path, string key)
    {
        var rendered = IsPlain(key) ? key : Quote(key);
        return path.Length == 0 ? rendered : $"{path}.{rendered}";
    }

    /// <summary>True when the key needs no quotes wherever it stands.</summary>
    public static bool IsPlain(string key) =>
        key.Length > 0 && key != "include" && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string Quote(string key)
    {
        var text = new StringBuilder();
        HoconText.AppendQuoted(text, key);
        return text.ToString();
    }

    private static string Finish(HoconCursor cursor, StringBuilder key, bool started)
    {
        if (!started)
            throw cursor.Error("a key is missing", "Write a name such as akka.loglevel; an empty key is written \"\".");
        var text = key.ToString();
        key.Clear();
        return text;
    }
}
