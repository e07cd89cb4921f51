namespace Troupe.Platform;

/// <summary>
/// One ordered byte stream, both ways. Owner: whoever accepted or connected it; Close is idempotent and safe from any thread.
/// </summary>
public interface IConnection
{
    /// <summary>The peer as an address to log: "127.0.0.1:4053".</summary>
    string RemoteName { get; }

    /// <summary>
    /// Writes <paramref name="bytes"/>; at most one write is outstanding. The memory belongs to the connection until
    /// <paramref name="completed"/> is called (once, with null or with what went wrong), maybe before this returns.
    /// </summary>
    void Write(ReadOnlyMemory<byte> bytes, Action<Exception?> completed);

    void Close();
}

/// <summary>What a connection tells its owner. Calls never overlap, and come in stream order.</summary>
public interface IConnectionHandler
{
    /// <summary>Bytes arrived. The span is only valid during the call; the next read starts after it returns.</summary>
    void OnReceived(ReadOnlySpan<byte> bytes);

    /// <summary>The last call: the stream ended (null), failed, or was closed by us.</summary>
    void OnClosed(Exception? cause);
}
