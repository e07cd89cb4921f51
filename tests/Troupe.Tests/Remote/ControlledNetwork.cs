using System.Net;
using System.Threading.Channels;
using Troupe.Platform;

namespace Troupe.Tests.Remote;

/// <summary>
/// The real network behind a switch: while it is held nothing that was written leaves, no write completes, and no connection
/// breaks, as on a cut line that TCP still believes in. While dials are lost, each is noted and none is answered.
/// </summary>
internal sealed class ControlledNetwork(INetwork inner) : INetwork
{
    private readonly Lock _gate = new();
    private readonly List<Action> _held = [];
    private readonly List<IConnection> _connections = [];
    private readonly Channel<int> _lostDials = Channel.CreateUnbounded<int>();
    private bool _holding;

    /// <summary>What is written while this is set leaves, and its writer does not hear of it before that is completed.</summary>
    internal TaskCompletionSource? Completions { get; set; }

    internal bool LosesDials { get; set; }

    /// <summary>The ports that lost dials were for.</summary>
    internal ChannelReader<int> LostDials => _lostDials.Reader;

    internal void Hold()
    {
        lock (_gate)
            _holding = true;
    }

    internal void Release()
    {
        Action[] held;
        lock (_gate)
        {
            _holding = false;
            held = [.. _held];
            _held.Clear();
        }
        foreach (var write in held)
            write();
    }

    /// <summary>Every connection so far breaks.</summary>
    internal void Break()
    {
        IConnection[] connections;
        lock (_gate)
            connections = [.. _connections];
        foreach (var connection in connections)
            connection.Close();
    }

    public IListener Listen(string host, int port, StreamOptions options,
        Func<IConnection, IConnectionHandler> accepted, Action<string, Exception> rejected) =>
        inner.Listen(host, port, options, connection => accepted(Track(connection)), rejected);

    public void Connect(string host, int port, StreamOptions options, TimeSpan timeout,
        Func<IConnection, IConnectionHandler> connected, Action<Exception> failed)
    {
        if (LosesDials)
            _lostDials.Writer.TryWrite(port);
        else
            inner.Connect(host, port, options, timeout, connection => connected(Track(connection)), failed);
    }

    private Held Track(IConnection connection)
    {
        lock (_gate)
            _connections.Add(connection);
        return new Held(this, connection);
    }

    private void Pass(Action write)
    {
        lock (_gate)
        {
            if (_holding)
            {
                _held.Add(write);
                return;
            }
        }
        write();
    }

    private sealed class Held(ControlledNetwork network, IConnection inner) : IConnection
    {
        public string RemoteName => inner.RemoteName;

        public void Write(ReadOnlyMemory<byte> bytes, Action<Exception?> completed) =>
            network.Pass(() => inner.Write(bytes, network.Completions is not { } held
                ? completed
                : failure => held.Task.ContinueWith(_ => completed(failure), TaskScheduler.Default)));

        public void Close() => inner.Close();
    }
}
