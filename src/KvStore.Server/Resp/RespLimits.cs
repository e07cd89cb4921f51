namespace KvStore.Server.Resp;

/// <summary>
/// What a connection may ask of the parser and of the server's memory. What the parser cannot take is a protocol error: answered, then the connection
/// is closed. What would take too much memory waits.
/// </summary>
public sealed record RespLimits
{
    /// <summary>Bytes of the values in one reply: MGET of more is refused.</summary>
    public const int MaxReplyBytes = 64 * 1024 * 1024;

    /// <summary>Of a connection that has yet to say its password: enough for that, and for nothing that costs.</summary>
    public static readonly RespLimits BeforeAuthentication = new()
    {
        MaxArguments = 10,
        MaxArgumentBytes = 16 * 1024,
        MaxCommandBytes = 32 * 1024,
        MaxInlineBytes = 16 * 1024,
        MaxUnderWay = 1,
        PassesOverLongCommands = false,
    };

    /// <summary>Arguments of one command, its name included: MSET of a thousand pairs fits.</summary>
    public int MaxArguments { get; init; } = 2048;

    /// <summary>Whether a command of more arguments is read to its end and refused; else it is a protocol error.</summary>
    public bool PassesOverLongCommands { get; init; } = true;

    /// <summary>Bytes of one argument. Above the largest value, so that a value too large gets its own clear answer.</summary>
    public int MaxArgumentBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of a whole command: what one connection can make the server hold.</summary>
    public int MaxCommandBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of a value: the node's <c>kv-store.limits.value-bytes</c>. A larger one is refused before its command waits for anything.</summary>
    public int MaxValueBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// Bytes that one connection has under way: arguments of commands without a reply, the values these may answer, and replies unsent. Nothing more
    /// is read while there are so many. As many commands as may be under way fit, on values of a megabyte.
    /// </summary>
    public long MaxBytesUnderWay { get; init; } = 128 * 1024 * 1024;

    /// <summary>Bytes of a command that is typed as a line ("GET key").</summary>
    public int MaxInlineBytes { get; init; } = 64 * 1024;

    /// <summary>Commands of one connection that are under way or wait for their turn to be answered.</summary>
    public int MaxUnderWay { get; init; } = 128;
}
