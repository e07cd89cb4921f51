namespace KvStore.Server.Resp;

/// <summary>
/// What a connection may ask of the parser. Everything over it is a protocol error: answered, then the connection is closed.
/// </summary>
public sealed record RespLimits
{
    /// <summary>Arguments of one command, its name included.</summary>
    public int MaxArguments { get; init; } = 1024;

    /// <summary>Bytes of one argument. Above the largest value, so that a value too large gets its own clear answer.</summary>
    public int MaxArgumentBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of a whole command: what one connection can make the server hold.</summary>
    public int MaxCommandBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of a command that is typed as a line ("GET key").</summary>
    public int MaxInlineBytes { get; init; } = 64 * 1024;
}
