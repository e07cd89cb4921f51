using System.Net;

namespace Troupe.Platform;

/// <summary>Byte streams between systems: TCP (with TLS where asked) in production, an in-memory network in simulation.</summary>
public interface INetwork
{
    /// <summary>
    /// Listens; each accepted connection is given to <paramref name="accepted"/>, which returns its handler. A peer that
    /// never became a connection (TLS refused, too many connections) is told to <paramref name="rejected"/> with its name.
    /// Throws when the address cannot be bound.
    /// </summary>
    IListener Listen(string host, int port, StreamOptions options,
        Func<IConnection, IConnectionHandler> accepted, Action<string, Exception> rejected);

    /// <summary>
    /// Connects, TLS included, within <paramref name="timeout"/>; exactly one of the two callbacks is called, once, on any
    /// thread.
    /// </summary>
    void Connect(string host, int port, StreamOptions options, TimeSpan timeout,
        Func<IConnection, IConnectionHandler> connected, Action<Exception> failed);
}

/// <summary>A bound port.</summary>
public interface IListener
{
    IPEndPoint Endpoint { get; }

    /// <summary>Accepts nothing more; connections already accepted live on.</summary>
    void Close();
}
