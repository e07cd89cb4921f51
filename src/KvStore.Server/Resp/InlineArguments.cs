namespace KvStore.Server.Resp;

/// <summary>
/// Splits a typed line into arguments: blanks separate, "..." takes \n \r \t \\ \" \xHH, '...' takes \' only. As Redis does.
/// </summary>
internal static class InlineArguments
{
    public static List<ReadOnlyMemory<byte>> Split(ReadOnlySpan<byte> line, int maxArguments)
    {
        var arguments = new List<ReadOnlyMemory<byte>>();
        var at = 0;
        while (true)
        {
            while (at < line.Length && IsBlank(line[at])) at++;
            if (at == line.Length) return arguments;
            if (arguments.Count == maxArguments) throw new RespProtocolException("Protocol error: too big inline request");
            arguments.Add(Next(line, ref at));
        }
    }

    private static byte[] Next(ReadOnlySpan<byte> line, ref int at)
    {
        var argument = new List<byte>();
        while (at < line.Length && !IsBlank(line[at]))
        {
            var b = line[at++];
            if (b == '"') DoubleQuoted(line, ref at, argument);
            else if (b == '\'') SingleQuoted(line, ref at, argument);
            else argument.Add(b);
        }
        return [.. argument];
    }

    private static void DoubleQuoted(ReadOnlySpan<byte> line, ref int at, List<byte> argument)
    {
        while (at < line.Length)
        {
            var b = line[at++];
            if (b == '"')
            {
                RequireBlank(line, at);
                return;
            }
            argument.Add(b == '\\' && at < line.Length ? Escaped(line, ref at) : b);
        }
        throw Unbalanced();
    }

    private static byte Escaped(ReadOnlySpan<byte> line, ref int at)
    {
        var b = line[at++];
        if (b == 'x' && at + 1 < line.Length && Hex(line[at]) is { } high && Hex(line[at + 1]) is { } low)
        {
            at += 2;
            return (byte)((high << 4) | low);
        }
        return b switch { (byte)'n' => (byte)'\n', (byte)'r' => (byte)'\r', (byte)'t' => (byte)'\t', (byte)'b' => 8, (byte)'a' => 7, _ => b };
    }

    private static void SingleQuoted(ReadOnlySpan<byte> line, ref int at, List<byte> argument)
    {
        while (at < line.Length)
        {
            var b = line[at++];
            if (b == '\\' && at < line.Length && line[at] == '\'') argument.Add(line[at++]);
            else if (b == '\'')
            {
                RequireBlank(line, at);
                return;
            }
            else argument.Add(b);
        }
        throw Unbalanced();
    }

    private static void RequireBlank(ReadOnlySpan<byte> line, int at)
    {
        if (at < line.Length && !IsBlank(line[at])) throw Unbalanced();
    }

    private static int? Hex(byte b) => Uri.IsHexDigit((char)b) ? Convert.ToInt32(((char)b).ToString(), 16) : null;

    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or 0 or 11 or 12;

    private static RespProtocolException Unbalanced() => new("Protocol error: unbalanced quotes in request");
}
