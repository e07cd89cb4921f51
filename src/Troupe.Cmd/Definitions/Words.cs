namespace Petabridge.Cmd;

/// <summary>What may be a palette's, a command's or a switch's name: a word that a line can be split by.</summary>
internal static class Words
{
    private const int Longest = 64;

    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Checked(string word) =>
        word is { Length: > 0 and <= Longest } && !word.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '"' or '\\' or '>')
            ? word
            : throw new ArgumentException($"'{word}' is no name: 1 to {Longest} characters without blanks, quotes, '\\' and '>' are.", nameof(word));
}
