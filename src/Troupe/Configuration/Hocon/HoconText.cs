using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>The three ways to write a string: quoted as in JSON, triple-quoted and raw, unquoted.</summary>
internal static class HoconText
{
    private const string Quotes = "\"\"\"";

    /// <summary>What ends an unquoted string, beside blanks, newlines and comments.</summary>
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";

    public static bool IsReserved(char c) => Reserved.Contains(c);

    /// <summary>Reads the quoted or triple-quoted string that starts here.</summary>
    public static string ReadQuoted(HoconCursor cursor) =>
        cursor.StartsWith(Quotes) ? ReadTripleQuoted(cursor) : ReadEscaped(cursor);

    /// <summary>
    /// Reads unquoted text up to the next blank, comment or reserved character; empty when there is none. In a key, '.' ends it
    /// too, and '+' may begin "+="; in a value '+' is text, as in 1e+5.
    /// </summary>
    public static string ReadUnquoted(HoconCursor cursor, bool inKey)
    {
        var start = cursor.Index;
        while (!cursor.AtEnd && !cursor.AtNewline && !cursor.AtBlank && !cursor.AtComment)
        {
            var c = cursor.Current;
            if (c is '.' or '+' ? inKey : IsReserved(c)) break;
            cursor.Advance();
        }
        return cursor.Since(start);
    }

    public static void AppendQuoted(StringBuilder into, string text)
    {
        into.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"': into.Append("\\\""); break;
                case '\\': into.Append("\\\\"); break;
                case '\n': into.Append("\\n"); break;
                case '\r': into.Append("\\r"); break;
                case '\t': into.Append("\\t"); break;
                case < ' ' or '\u007F' or '\uFEFF' or (>= '\uD800' and <= '\uDFFF'):
                    into.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default: into.Append(c); break;
            }
        }
        into.Append('"');
    }

    private static string ReadTripleQuoted(HoconCursor cursor)
    {
        var opened = cursor.Position;
        cursor.Advance(Quotes.Length);
        var start = cursor.Index;
        while (!cursor.StartsWith(Quotes))
        {
            if (cursor.AtEnd)
                throw cursor.Error($"the \"\"\" text opened at {opened} has no end", "Close it with \"\"\".");
            cursor.Advance();
        }
        // Of more than three quotes in a row the last three end the text.
        while (cursor.Peek(Quotes.Length) == '"') cursor.Advance();
        var text = cursor.Since(start);
        cursor.Advance(Quotes.Length);
        return text;
    }

    private static string ReadEscaped(HoconCursor cursor)
    {
        var opened = cursor.Position;
        var text = new StringBuilder();
        cursor.Advance();
        while (cursor.Current != '"' || cursor.AtEnd)
        {
            if (cursor.AtEnd || cursor.AtNewline)
                throw cursor.Error($"the string opened at {opened} has no end",
                    "Close it with '\"' on the same line; text of several lines stands between \"\"\" and \"\"\".");
            if (cursor.Current == '\\') text.Append(ReadEscape(cursor));
            else
            {
                text.Append(cursor.Current);
                cursor.Advance();
            }
        }
        cursor.Advance();
        return text.ToString();
    }

    private static char ReadEscape(HoconCursor cursor)
    {
        var at = cursor.Position;
        var escaped = cursor.Peek(1);
        if (escaped == 'u') return ReadUnicodeEscape(cursor, at);
        var c = escaped switch
        {
            '"' => '"', '\\' => '\\', '/' => '/', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t',
            _ => throw cursor.Error("unknown escape after '\\'",
                "Known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX; write a backslash as \\\\.", at),
        };
        cursor.Advance(2);
        return c;
    }

    private static char ReadUnicodeEscape(HoconCursor cursor, HoconPosition at)
    {
        var code = 0;
        for (var i = 2; i < 6; i++)
        {
            if (!char.IsAsciiHexDigit(cursor.Peek(i)))
                throw cursor.Error("\\u is not followed by four hexadecimal digits", "Write for example \\u00e9.", at);
            code = code * 16 + Convert.ToInt32(cursor.Peek(i).ToString(), 16);
        }
        cursor.Advance(6);
        return (char)code;
    }
}
