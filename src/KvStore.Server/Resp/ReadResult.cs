namespace KvStore.Server.Resp;

/// <summary>What a read came to, as this door sees it. A closed set.</summary>
internal abstract record ReadResult
{
    private ReadResult()
    {
    }

    /// <summary>A value; of several siblings the latest.</summary>
    public sealed record Value(ReadOnlyMemory<byte> Bytes) : ReadResult;

    /// <summary>The key is not there, or deleted.</summary>
    public sealed record Absent : ReadResult
    {
        public static readonly Absent Instance = new();
    }

    public sealed record Failed(RespReply.Error Error) : ReadResult;
}
