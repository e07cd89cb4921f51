namespace KvStore.Server.Resp;

/// <summary>Admission of connections: at most <paramref name="max"/> at one time. Any thread.</summary>
public sealed class RespConnectionGate(int max)
{
    private int _open;

    public int Open => Volatile.Read(ref _open);

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _open) <= max) return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _open);
}
