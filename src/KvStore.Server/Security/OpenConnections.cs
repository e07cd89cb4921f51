using Microsoft.AspNetCore.Connections;

namespace KvStore.Server.Security;

/// <summary>
/// Connections of one door, those in the middle of a TLS handshake among them: one more than there may be is closed without a word, for in the clear
/// there is nothing to say. Any thread.
/// </summary>
internal sealed class OpenConnections(int most)
{
    private int _open;

    public ConnectionDelegate Bound(ConnectionDelegate next) => async connection =>
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= most) await next(connection);
            else connection.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    };
}
