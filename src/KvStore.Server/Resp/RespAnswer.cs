namespace KvStore.Server.Resp;

/// <summary>A reply, and whether the connection ends after it.</summary>
public readonly record struct RespAnswer(RespReply Reply, bool CloseAfter = false)
{
    public static implicit operator RespAnswer(RespReply reply) => new(reply);

    public static RespAnswer FromReply(RespReply reply) => new(reply);
}
