namespace KvStore.Server.Resp;

/// <summary>One command as it came: its name in upper case, and its arguments as bytes of their own.</summary>
public sealed record RespCommand(string Name, IReadOnlyList<ReadOnlyMemory<byte>> Arguments);
