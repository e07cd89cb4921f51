using System.Net.Sockets;
using Troupe.Platform;

namespace Troupe.Simulation;

/// <summary>The network as one process sees it: TCP's connection handshake over the simulated lines.</summary>
internal sealed class SimulatedNodeNetwork(World world, SimulatedProcess process) : INetwork
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private readonly List<SimulatedListener> _listeners = [];
    private bool _isShutdown;

    private SimulatedNetwork Network => world.Network;

    private bool IsActive => !_isShutdown && !process.IsDead;

    public IListener Listen(string host, int port, StreamOptions options,
        Func<IConnection, IConnectionHandler> accepted, Action<string, Exception> rejected)
    {
        if (world.IsForeign($"a listener on {host}:{port}") || !IsActive) throw new SocketException((int)SocketError.NetworkDown);
        if (host is not ("0.0.0.0" or "::") && Network.Resolve(host, process.Node) != process.Node)
            throw new SocketException((int)SocketError.AddressNotAvailable);
        var listener = Network.Listen(new SimulatedListener(this, Network, process, options, accepted, rejected), port);
        _listeners.Add(listener);
        return listener;
    }

    public void Connect(string host, int port, StreamOptions options, TimeSpan timeout,
        Func<IConnection, IConnectionHandler> connected, Action<Exception> failed)
    {
        if (world.IsForeign($"a connection to {host}:{port}") || !IsActive) return;
        var attempt = new Attempt(host, port, options, world.Now + timeout, connected, failed);
        if (Network.Resolve(host, process.Node) is { } target) SendSyn(attempt, target, FirstRetry);
        else Fail(attempt, new SocketException((int)SocketError.HostNotFound), world.Options.Link.MinDelay);
    }

    /// <summary>Closes what this actor system has open.</summary>
    public void Shutdown()
    {
        _isShutdown = true;
        foreach (var listener in _listeners) listener.Close();
        foreach (var connection in process.Connections.Where(c => c.Owner == this).ToArray()) connection.Close();
    }

    private void SendSyn(Attempt attempt, SimulatedNode target, TimeSpan nextRetry)
    {
        var link = Network.Link(process.Node, target);
        var delay = link.Options.Draw(Network.Random);
        if (link.CloggedUntil > world.Now) delay += link.CloggedUntil - world.Now;
        if (link.IsCut || target.IsSilent) Retry(attempt, target, nextRetry);
        else Wire(delay, () => ArriveSyn(attempt, target, nextRetry));
    }

    private void Retry(Attempt attempt, SimulatedNode target, TimeSpan nextRetry)
    {
        if (world.Now + nextRetry < attempt.Deadline) Wire(nextRetry, () => SendSyn(attempt, target, nextRetry * 2));
        else Fail(attempt, new TimeoutException($"{attempt.Host}:{attempt.Port} did not answer"), attempt.Deadline - world.Now);
    }

    private void ArriveSyn(Attempt attempt, SimulatedNode target, TimeSpan nextRetry)
    {
        var back = Network.Link(target, process.Node);
        var delay = back.Options.Draw(Network.Random);
        var halfOpen = Network.Random.Chance(world.Options.HalfOpenProbability);
        if (target.IsSilent || ((back.IsCut || back.CloggedUntil > world.Now) && !halfOpen))
        {
            Retry(attempt, target, nextRetry);
        }
        else if (Network.Listener(target, attempt.Port) is not { } listener)
        {
            Fail(attempt, new SocketException((int)SocketError.ConnectionRefused), delay);
        }
        else if (listener.Waiting >= listener.Options.Backlog)
        {
            Retry(attempt, target, nextRetry);
        }
        else if (listener.Options.Security is null != attempt.Options.Security is null)
        {
            var mismatch = new IOException("one side of the stream speaks TLS and the other does not");
            Call(listener.Process, StepKind.Refused, TimeSpan.Zero, () => listener.Reject(process.Node.Host, mismatch));
            Fail(attempt, mismatch, delay);
        }
        else Establish(attempt, listener, delay, halfOpen);
    }

    private void Establish(Attempt attempt, SimulatedListener listener, TimeSpan delay, bool halfOpen)
    {
        var clientName = $"{process.Node.Host}:{Network.NextClientPort()}";
        var client = new SimulatedConnection(world, this, process, $"{listener.Endpoint}", isClient: true);
        var server = new SimulatedConnection(world, listener.Owner, listener.Process, clientName, isClient: false);
        SimulatedConnection.Join(client, server);
        var late = Network.Random.Chance(world.Options.OvertakeProbability)
            ? Network.Random.Between(TimeSpan.Zero, world.Options.MaxLateness) : TimeSpan.Zero;
        listener.Waiting++;
        Call(listener.Process, StepKind.Accepted, late, () =>
        {
            listener.Waiting--;
            if (!server.IsClosed) listener.Accept(server);
        });
        if (halfOpen)
        {
            // The answer is lost for good: this side gives up, the other one learns it when the silence is broken.
            client.Abandon(world.Options.MaxLateness);
            Fail(attempt, new TimeoutException($"{attempt.Host}:{attempt.Port} did not answer"), attempt.Deadline - world.Now);
            return;
        }
        Call(process, StepKind.Connected, delay, () => client.Begin(attempt.Connected(client)));
    }

    private void Fail(Attempt attempt, Exception cause, TimeSpan delay)
    {
        var bounded = delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
        if (world.Now + bounded > attempt.Deadline) bounded = attempt.Deadline - world.Now;
        Call(process, StepKind.Refused, bounded, () => attempt.Failed(cause));
    }

    private void Wire(TimeSpan delay, Action action)
    {
        var step = new SimulationEvent(StepKind.Wire, null, "connect", static a => ((Action)a!)(), action);
        if (IsActive) world.Enqueue(step, delay);
    }

    private void Call(SimulatedProcess target, StepKind kind, TimeSpan delay, Action action) =>
        world.Enqueue(new SimulationEvent(kind, target, "connection", static a => ((Action)a!)(), action), delay);

    private sealed record Attempt(string Host, int Port, StreamOptions Options, TimeSpan Deadline,
        Func<IConnection, IConnectionHandler> Connected, Action<Exception> Failed);
}
