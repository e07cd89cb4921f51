namespace KvStore.Server.Resp;

/// <summary>The version of the protocol that a connection has agreed on with HELLO; the first one until then.</summary>
public enum RespVersion
{
    Resp2 = 2,
    Resp3 = 3,
}
