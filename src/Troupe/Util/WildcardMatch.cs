namespace Akka.Util;

public static class WildcardMatch
{
    /// <summary>Does <paramref name="text"/> match a pattern of literals, `?` (one character) and `*` (any number)?</summary>
    public static bool Like(this string text, string pattern, bool caseSensitive = false)
    {
        var (t, p) = (0, 0);
        var (afterStar, resume) = (-1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                afterStar = ++p;
                resume = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || Same(text[t], pattern[p], caseSensitive)))
            {
                t++;
                p++;
            }
            else if (afterStar >= 0)
            {
                p = afterStar;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    private static bool Same(char a, char b, bool caseSensitive) =>
        caseSensitive ? a == b : char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
