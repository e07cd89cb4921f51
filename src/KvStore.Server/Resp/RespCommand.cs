namespace KvStore.Server.Resp;

/// <summary>One command as it came: its name in upper case, and its arguments as bytes of their own.</summary>
public sealed record RespCommand(string Name, IReadOnlyList<ReadOnlyMemory<byte>> Arguments)
{
    /// <summary>The name as the client wrote it, for errors that mention it.</summary>
    public string NameAsSent { get; init; } = Name;

    /// <summary>What to answer instead of doing it: it had more arguments than are kept. Null for others.</summary>
    public RespReply.Error? Refusal { get; init; }
}
