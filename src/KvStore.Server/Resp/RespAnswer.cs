namespace KvStore.Server.Resp;

/// <summary>A reply, and whether the connection ends after it.</summary>
public readonly record struct RespAnswer(RespReply Reply, bool CloseAfter = false);
