using Troupe.Platform;

namespace Troupe.Simulation;

/// <summary>
/// One end of a stream. Invariants:
/// <list type="number">
/// <item>The handler hears nothing before <see cref="Begin"/> and nothing after OnClosed.</item>
/// <item>Every accepted write is completed once.</item>
/// <item>A dead process is never called.</item>
/// </list>
/// </summary>
internal sealed class SimulatedConnection(
    World world, SimulatedNodeNetwork owner, SimulatedProcess process, string remoteName, bool isClient) : IConnection
{
    private IConnectionHandler? _handler;
    private SimulatedFlow _outgoing = null!;
    private bool _told;

    public string RemoteName { get; } = remoteName;

    public SimulatedNodeNetwork Owner { get; } = owner;

    public SimulatedProcess Process { get; } = process;

    public SimulatedConnection Peer { get; private set; } = null!;

    public bool IsClient { get; } = isClient;

    /// <summary>Nothing goes in or out any more.</summary>
    public bool IsClosed { get; private set; }

    public Action? WhenClosed { get; set; }

    public static void Join(SimulatedConnection one, SimulatedConnection other)
    {
        (one.Peer, other.Peer) = (other, one);
        one._outgoing = new SimulatedFlow(one.World, one, other);
        other._outgoing = new SimulatedFlow(one.World, other, one);
        one.World.Network.Opened(one);
        one.World.Network.Opened(other);
    }

    private World World => world;

    /// <summary>The owner has its handler: what arrived meanwhile is handed over.</summary>
    public void Begin(IConnectionHandler handler)
    {
        _handler = handler;
        if (IsClosed) Tell(null);
        else Peer._outgoing.HandOver();
    }

    public bool IsReading => _handler is not null && !IsClosed;

    public void Write(ReadOnlyMemory<byte> bytes, Action<Exception?> completed)
    {
        if (world.IsForeign($"a write to {RemoteName}") || Process.IsDead) return;
        if (IsClosed) Later(StepKind.Written, "written", () => completed(new IOException("the connection is closed")));
        else _outgoing.Write(bytes, completed);
    }

    public void Close()
    {
        if (world.IsForeign($"the end of the connection to {RemoteName}") || Process.IsDead) return;
        End(null, farewell: true);
    }

    /// <summary>Ends this side without telling its handler, if it has one; the peer notices a little later.</summary>
    public void Abandon(TimeSpan later = default)
    {
        IsClosed = true;
        _outgoing.End(null, later);
        world.Network.Closed(this);
    }

    public void Received(ReadOnlySpan<byte> bytes) => _handler!.OnReceived(bytes);

    /// <summary>The peer's last bytes have arrived, and then this.</summary>
    public void PeerEnded(Exception? cause) => End(cause, farewell: true);

    /// <summary>Both ends fail now; what is on its way is lost.</summary>
    public void Break(string why)
    {
        _outgoing.Discard();
        Peer._outgoing.Discard();
        End(new IOException(why), farewell: false);
        if (!Peer.Process.IsDead) Peer.End(new IOException(why), farewell: false);
    }

    public void LineChanged() => _outgoing.Replan();

    public void ProcessDied(CrashKind kind)
    {
        IsClosed = true;
        world.Network.Closed(this);
        if (kind == CrashKind.Silent) _outgoing.Discard();
        else _outgoing.End(new IOException("the connection was reset by the peer"), world.Network.DrawLinger());
    }

    /// <summary>Calls the owner back, as a step of its process.</summary>
    public void Later(StepKind kind, string name, Action action) =>
        world.Enqueue(new SimulationEvent(kind, Process, name, static a => ((Action)a!)(), action), world.DrawDispatchDelay());

    private void End(Exception? cause, bool farewell)
    {
        if (IsClosed) return;
        IsClosed = true;
        world.Network.Closed(this);
        WhenClosed?.Invoke();
        _outgoing.FailWrite(cause ?? new IOException("the connection is closed"));
        if (farewell) _outgoing.End(null, world.Network.DrawLinger());
        if (_handler is not null) Tell(cause);
    }

    private void Tell(Exception? cause)
    {
        if (_told) return;
        _told = true;
        Later(StepKind.Closed, "closed", () => _handler!.OnClosed(cause));
    }
}
