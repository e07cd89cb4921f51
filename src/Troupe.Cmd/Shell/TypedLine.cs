using System.Text;

namespace Petabridge.Cmd.Shell;

/// <summary>
/// A line as it is typed: words with blanks between them; double quotes keep blanks inside a word, and a backslash takes the character after it
/// as it is. Pure.
/// </summary>
internal static class TypedLine
{
    /// <summary>Its words; null when a quote is not closed or nothing follows a backslash.</summary>
    public static string[]? Split(string line)
    {
        var (words, word, isInWord, isQuoted) = (new List<string>(), new StringBuilder(), false, false);
        for (var i = 0; i < line.Length; i++)
        {
            var letter = line[i];
            if (letter == '\\')
            {
                if (++i == line.Length) return null;
                word.Append(line[i]);
                isInWord = true;
            }
            else if (letter == '"') (isQuoted, isInWord) = (!isQuoted, true);
            else if (isQuoted || !char.IsWhiteSpace(letter))
            {
                word.Append(letter);
                isInWord = true;
            }
            else if (isInWord)
            {
                words.Add(word.ToString());
                word.Clear();
                isInWord = false;
            }
        }
        if (isInWord) words.Add(word.ToString());
        return isQuoted ? null : [.. words];
    }

    /// <summary>The line that is split into these words.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quoted));

    private static string Quoted(string word) => word.Length > 0 && !word.Any(letter => char.IsWhiteSpace(letter) || letter is '"' or '\\' or '>')
        ? word
        : $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
