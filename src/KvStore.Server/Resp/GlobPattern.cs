namespace KvStore.Server.Resp;

/// <summary>
/// The patterns of KEYS and SCAN, as Redis takes them: <c>*</c> any bytes, <c>?</c> one, <c>[ab] [a-z] [^a]</c> one of those or none of them,
/// <c>\</c> takes the next byte as it is. Of a class that is not closed the end of the pattern is the end.
/// <para>Invariant: takes at most as many steps as pattern and text have bytes, multiplied: a star only ever goes back to the last one.</para>
/// </summary>
internal static class GlobPattern
{
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        int p = 0, t = 0, star = -1, from = 0;
        while (true)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, from) = (++p, t);
                continue;
            }
            if (t == text.Length)
            {
                while (p < pattern.Length && pattern[p] == '*') p++;
                if (p == pattern.Length) return true;
            }
            else if (p < pattern.Length && TakesOne(pattern, ref p, text[t]))
            {
                t++;
                continue;
            }
            // Another try: the last star takes one byte more.
            if (star < 0 || from >= text.Length) return false;
            (p, t) = (star, ++from);
        }
    }

    /// <summary>Whether what the pattern has next takes this byte; moves past it then.</summary>
    private static bool TakesOne(ReadOnlySpan<byte> pattern, ref int p, byte b)
    {
        var at = p;
        var takes = pattern[at] switch
        {
            (byte)'?' => true,
            (byte)'[' => ClassTakes(pattern, ref at, b),
            (byte)'\\' when at + 1 < pattern.Length => pattern[++at] == b,
            var other => other == b,
        };
        if (takes) p = at + 1;
        return takes;
    }

    /// <summary>Leaves <paramref name="at"/> on the closing bracket, or on the last byte where there is none.</summary>
    private static bool ClassTakes(ReadOnlySpan<byte> pattern, ref int at, byte b)
    {
        at++;
        var isNegated = at < pattern.Length && pattern[at] == '^';
        if (isNegated) at++;
        var found = false;
        for (; at < pattern.Length && pattern[at] != ']'; at++)
        {
            if (pattern[at] == '\\' && at + 1 < pattern.Length) found |= pattern[++at] == b;
            else if (at + 2 < pattern.Length && pattern[at + 1] == '-')
            {
                var (low, high) = (Math.Min(pattern[at], pattern[at + 2]), Math.Max(pattern[at], pattern[at + 2]));
                found |= b >= low && b <= high;
                at += 2;
            }
            else found |= pattern[at] == b;
        }
        if (at >= pattern.Length) at = pattern.Length - 1;
        return found != isNegated;
    }
}
