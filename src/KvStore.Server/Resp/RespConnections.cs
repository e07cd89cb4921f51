using System.Collections.Concurrent;

namespace KvStore.Server.Resp;

/// <summary>The connections of this door: at most <paramref name="max"/> at one time. Any thread.</summary>
public sealed class RespConnections(int max, bool needsPassword)
{
    private readonly ConcurrentDictionary<long, RespSession> _open = new();
    private long _lastId;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>How many there have ever been.</summary>
    public long Accepted => Volatile.Read(ref _lastId);

    /// <summary>Those that are open now, oldest first.</summary>
    public IEnumerable<RespSession> Open => _open.Values.OrderBy(session => session.Id);

    /// <summary>Null when there are as many as there may be.</summary>
    public RespSession? TryEnter(string peer)
    {
        if (Interlocked.Increment(ref _count) > max)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }
        var session = new RespSession(Interlocked.Increment(ref _lastId), peer, needsPassword);
        _open[session.Id] = session;
        return session;
    }

    public void Leave(RespSession session)
    {
        if (_open.TryRemove(session.Id, out _)) Interlocked.Decrement(ref _count);
    }
}
