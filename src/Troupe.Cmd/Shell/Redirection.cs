namespace Petabridge.Cmd.Shell;

/// <summary>A line as it is typed at a prompt: the command, and the file that its answer goes to, if any (<c>command &gt; file</c>). Pure.</summary>
/// <param name="File">Null for none.</param>
internal sealed record Redirection(string Command, string? File)
{
    /// <summary>Null when what follows '&gt;' is no one file.</summary>
    public static Redirection? Of(string line)
    {
        var at = FirstBare(line);
        if (at < 0) return new Redirection(line, null);
        return TypedLine.Split(line[(at + 1)..]) is [{ Length: > 0 } file] && !file.Contains('>', StringComparison.Ordinal)
            ? new Redirection(line[..at], file)
            : null;
    }

    /// <summary>The first '&gt;' that no quote and no backslash keeps.</summary>
    private static int FirstBare(string line)
    {
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\') i++;
            else if (line[i] == '"') isQuoted = !isQuoted;
            else if (line[i] == '>' && !isQuoted) return i;
        }
        return -1;
    }
}
