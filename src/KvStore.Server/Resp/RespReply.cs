namespace KvStore.Server.Resp;

/// <summary>
/// What a command answers, in RESP's own types. A closed set: the writer knows every case, in both versions of the protocol.
/// </summary>
public abstract record RespReply
{
    /// <summary>What an item takes besides its bytes.</summary>
    private const int ItemSize = 32;

    private RespReply()
    {
    }

    public static readonly RespReply Ok = new Simple("OK");
    public static readonly RespReply Null = new Nothing();
    public static readonly RespReply Zero = new Integer(0);
    public static readonly RespReply One = new Integer(1);
    public static readonly RespReply Empty = new Array([]);

    public static RespReply OfText(string text) => new Bulk(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>About how many bytes it holds.</summary>
    public long Size => ItemSize + this switch
    {
        Bulk bulk => bulk.Bytes.Length,
        Verbatim verbatim => verbatim.Text.Length,
        Array array => array.Items.Sum(item => item.Size),
        Map map => map.Entries.Sum(entry => entry.Key.Size + entry.Value.Size),
        _ => 0,
    };

    /// <summary>A status line without line breaks: "+OK".</summary>
    public sealed record Simple(string Text) : RespReply;

    /// <summary>An error line: code first ("ERR", "TRYAGAIN"), then what happened, whether anything changed, what to do.</summary>
    public sealed record Error(string Code, string Text) : RespReply;

    public sealed record Integer(long Value) : RespReply;

    public sealed record Bulk(ReadOnlyMemory<byte> Bytes) : RespReply;

    /// <summary>There is none: RESP2 writes a bulk string of length -1, RESP3 has a type for it.</summary>
    public sealed record Nothing : RespReply;

    public sealed record Array(IReadOnlyList<RespReply> Items) : RespReply;

    /// <summary>Names and what they stand for; RESP2 writes them as one array, name and value in turn.</summary>
    public sealed record Map(IReadOnlyList<KeyValuePair<RespReply, RespReply>> Entries) : RespReply;

    /// <summary>Text for a person; RESP2 writes it as a bulk string.</summary>
    public sealed record Verbatim(string Text) : RespReply;
}
