using System.Buffers;
using System.Net.Sockets;

namespace Troupe.Platform;

/// <summary>
/// One TCP stream, plain or TLS. Reads in a loop into a pooled buffer that starts small, so that a stranger costs 4 KB, and
/// grows while reads fill it.
/// <para>Thread rule: the handler is called by the read loop alone; Write and Close from any thread.</para>
/// Invariant: whatever ends the read loop, an exception of the handler's own too, the stream is closed and the handler told.
/// </summary>
internal sealed class TcpConnection(Socket socket, Stream stream, string remoteName, Action<TcpConnection> ended) : IConnection
{
    private const int FirstBuffer = 4 * 1024;
    private const int LargestBuffer = 256 * 1024;

    private int _closed;

    public string RemoteName { get; } = remoteName;

    /// <summary>Starts the read loop on the thread pool, free of the caller's contexts.</summary>
    internal void Start(IConnectionHandler handler) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static start => _ = start.connection.ReadLoop(start.handler), (connection: this, handler), preferLocal: false);

    public void Write(ReadOnlyMemory<byte> bytes, Action<Exception?> completed) => _ = WriteThrough(bytes, completed);

    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
        {
            // The peer was faster: nothing is left to shut down.
        }
        socket.Dispose();
        ended(this);
    }

    private async Task WriteThrough(ReadOnlyMemory<byte> bytes, Action<Exception?> completed)
    {
        Exception? failure = null;
        try
        {
            await stream.WriteAsync(bytes).ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            failure = cause;
        }
        completed(failure);
    }

    private async Task ReadLoop(IConnectionHandler handler)
    {
        Exception? failure = null;
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            while (true)
            {
                var count = await stream.ReadAsync(buffer).ConfigureAwait(false);
                if (count == 0)
                    break;
                handler.OnReceived(buffer.AsSpan(0, count));
                if (count == buffer.Length && buffer.Length < LargestBuffer)
                    buffer = Grow(buffer);
            }
        }
        catch (Exception cause)
        {
            failure = Volatile.Read(ref _closed) == 0 ? cause : null;
        }
        ArrayPool<byte>.Shared.Return(buffer);
        Close();
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            failure ??= cause;
        }
        handler.OnClosed(failure);
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 4, LargestBuffer));
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
