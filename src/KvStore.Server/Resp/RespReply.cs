namespace KvStore.Server.Resp;

/// <summary>What a command answers, in RESP's own types. A closed set: the writer knows every case.</summary>
public abstract record RespReply
{
    private RespReply()
    {
    }

    public static readonly RespReply Ok = new Simple("OK");
    public static readonly RespReply Null = new Bulk(null);

    /// <summary>A status line without line breaks: "+OK".</summary>
    public sealed record Simple(string Text) : RespReply;

    /// <summary>An error line: code first ("ERR", "TRYAGAIN"), then what happened, whether anything changed, what to do.</summary>
    public sealed record Error(string Code, string Text) : RespReply;

    public sealed record Integer(long Value) : RespReply;

    /// <summary>Bytes, or null for "there is none".</summary>
    public sealed record Bulk(ReadOnlyMemory<byte>? Bytes) : RespReply;

    public sealed record Array(IReadOnlyList<RespReply> Items) : RespReply;
}
