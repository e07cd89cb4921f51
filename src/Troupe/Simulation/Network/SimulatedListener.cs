using System.Net;
using Troupe.Platform;

namespace Troupe.Simulation;

internal sealed class SimulatedListener(
    SimulatedNodeNetwork owner, SimulatedNetwork network, SimulatedProcess process, StreamOptions options,
    Func<IConnection, IConnectionHandler> accepted, Action<string, Exception> rejected) : IListener
{
    private int _open;

    public IPEndPoint Endpoint { get; set; } = null!;

    public SimulatedNodeNetwork Owner { get; } = owner;

    public SimulatedProcess Process { get; } = process;

    public StreamOptions Options { get; } = options;

    /// <summary>Connections that the kernel has taken and the process not yet.</summary>
    public int Waiting { get; set; }

    public void Close() => network.Forget(this);

    /// <summary>Gives a connection to the owner, or refuses it past the bound.</summary>
    public void Accept(SimulatedConnection connection)
    {
        if (_open >= Options.MaxConnections)
        {
            rejected(connection.RemoteName, new IOException($"more than {Options.MaxConnections} connections are open"));
            connection.Abandon();
            return;
        }
        _open++;
        connection.WhenClosed = () => _open--;
        connection.Begin(accepted(connection));
    }

    public void Reject(string remoteName, Exception cause) => rejected(remoteName, cause);
}
