namespace Petabridge.Cmd.Host;

/// <summary>
/// What waits to be written to one client, up to a bound. Owner: its <see cref="ConnectionActor"/>.
/// <para>Invariant: at most one write is under way, and its bytes count until it has ended.</para>
/// </summary>
internal sealed class Outbox(long maxBytes)
{
    private readonly Queue<byte[]> _waiting = [];
    private long _bytes;
    private int _underWay;

    public bool IsEmpty => _bytes == 0;

    /// <summary>False when the client has left too much unread: then it is not kept.</summary>
    public bool TryAdd(byte[] frame)
    {
        if (_bytes > 0 && _bytes + frame.Length > maxBytes) return false;
        _waiting.Enqueue(frame);
        _bytes += frame.Length;
        return true;
    }

    /// <summary>What is to be written now; null when a write is under way or nothing waits.</summary>
    public byte[]? Next()
    {
        if (_underWay > 0 || !_waiting.TryDequeue(out var frame)) return null;
        _underWay = frame.Length;
        return frame;
    }

    public void OnWritten()
    {
        _bytes -= _underWay;
        _underWay = 0;
    }
}
