using System.Globalization;

namespace Akka.Actor;

/// <summary>The grammar of names and paths.</summary>
internal static class ActorPathParser
{
    public static bool IsValidElement(string? s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$') return false;
        for (var i = 0; i < s.Length; i++)
        {
            var c = s[i];
            if (char.IsAsciiLetterOrDigit(c) || ActorPath.ValidSymbols.Contains(c, StringComparison.Ordinal)) continue;
            if (c != '%' || i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2])) return false;
            i += 2;
        }

        return true;
    }

    /// <summary>"name#12" as ("name", 12); without a number after a `#`, the whole is the name.</summary>
    public static (string Name, long Uid) SplitUid(string name)
    {
        var hash = name.LastIndexOf('#');
        if (hash < 0) return (name, ActorPath.UndefinedUid);
        return long.TryParse(name.AsSpan(hash + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var uid)
            ? (name[..hash], uid)
            : (name, ActorPath.UndefinedUid);
    }

    public static bool TryParse(ActorPath? basePath, ReadOnlySpan<char> absolute, out ActorPath? path)
    {
        path = basePath;
        if (basePath is null) return false;
        if (absolute.IsEmpty || absolute[0] != '/' || absolute.ContainsAny(" ?\\"))
        {
            path = null;
            return false;
        }

        var uid = ActorPath.UndefinedUid;
        var hash = absolute.LastIndexOf('#');
        if (hash >= 0)
        {
            if (!long.TryParse(absolute[(hash + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out uid))
            {
                path = null;
                return false;
            }

            absolute = absolute[..hash];
        }

        absolute = absolute.Trim('/');
        while (!absolute.IsEmpty)
        {
            var slash = absolute.IndexOf('/');
            var element = slash < 0 ? absolute : absolute[..slash];
            absolute = slash < 0 ? default : absolute[(slash + 1)..];
            if (!element.IsEmpty)
                path = new ChildActorPath(path!, element.ToString(), absolute.IsEmpty ? uid : ActorPath.UndefinedUid);
        }

        return true;
    }
}
