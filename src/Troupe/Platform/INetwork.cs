using System.Net;

namespace Troupe.Platform;

/// <summary>Byte streams between systems: TCP (with TLS where asked) in production, an in-memory network in simulation.</summary>
public interface INetwork
{
    /// <summary>
    /// Listens; each accepted connection is given to <paramref name="accepted"/>, which returns its handler.
    /// Throws when the address cannot be bound.
    /// </summary>
    IListener Listen(string host, int port, StreamSecurity? security, Func<IConnection, IConnectionHandler> accepted);

    /// <summary>
    /// Connects; exactly one of the two callbacks is called, once, on any thread.
    /// </summary>
    void Connect(string host, int port, StreamSecurity? security, TimeSpan timeout,
        Func<IConnection, IConnectionHandler> connected, Action<Exception> failed);
}

/// <summary>A bound port.</summary>
public interface IListener
{
    IPEndPoint Endpoint { get; }

    void Close();
}
