using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>A reading position in a HOCON text: one character at a time, knowing its line and column.</summary>
internal sealed class HoconCursor(string text, string? source)
{
    private const char ByteOrderMark = '\uFEFF';

    private int _index;
    private int _line = 1;
    private int _lineStart;

    public bool AtEnd => _index >= text.Length;

    public char Current => AtEnd ? '\0' : text[_index];

    public int Index => _index;

    public HoconPosition Position => new(source, _line, _index - _lineStart + 1);

    public bool AtNewline => !AtEnd && text[_index] == '\n';

    public bool AtBlank => !AtEnd && IsBlank(text[_index]);

    public bool AtComment => !AtEnd && (text[_index] == '#' || StartsWith("//"));

    public bool StartsWith(string expected) => string.CompareOrdinal(text, _index, expected, 0, expected.Length) == 0;

    public char Peek(int ahead) => _index + ahead < text.Length ? text[_index + ahead] : '\0';

    public string Since(int start) => text[start.._index];

    public void Advance()
    {
        if (text[_index++] == '\n')
        {
            _line++;
            _lineStart = _index;
        }
    }

    public void Advance(int count)
    {
        for (var i = 0; i < count; i++) Advance();
    }

    public string TakeBlanks()
    {
        var start = _index;
        while (AtBlank) Advance();
        return Since(start);
    }

    /// <summary>Skips blanks, newlines and comments. True when a newline was among them.</summary>
    public bool SkipToContent()
    {
        var newline = false;
        while (!AtEnd)
        {
            if (AtComment) SkipRestOfLine();
            else if (AtNewline) { newline = true; Advance(); }
            else if (AtBlank) Advance();
            else break;
        }
        return newline;
    }

    /// <summary>An error at this place or at <paramref name="at"/>: what is wrong, where, and what would be right.</summary>
    public ConfigurationException Error(string problem, string remedy, HoconPosition? at = null) =>
        new($"The configuration cannot be read: {problem} at {at ?? Position}. {remedy}");

    private static bool IsBlank(char c) => c switch
    {
        '\n' => false,
        ' ' or '\t' or '\r' or '\v' or '\f' or ByteOrderMark or (>= '\u001C' and <= '\u001F') => true,
        < '\u0080' => false,
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator,
    };

    private void SkipRestOfLine()
    {
        while (!AtEnd && !AtNewline) Advance();
    }
}
