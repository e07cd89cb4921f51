using System.Net;
using System.Net.Sockets;
using Troupe.Platform;

namespace Troupe.Simulation;

/// <summary>
/// The lines between all nodes and what can go wrong with them. Faults act on bytes, never on messages: what a cut holds back
/// arrives late and in order, as with TCP.
/// <para>Thread rule: the simulation's thread.</para>
/// </summary>
public sealed class SimulatedNetwork
{
    private const int FirstEphemeralPort = 49152;

    private readonly World _world;
    private readonly Dictionary<(int From, int To), SimulatedLink> _links = [];
    private readonly Dictionary<(int Node, int Port), SimulatedListener> _listeners = [];
    private readonly List<SimulatedConnection> _connections = [];
    private int _connects;

    internal SimulatedNetwork(World world)
    {
        _world = world;
        Random = world.Fork("network");
    }

    internal SimulationRandom Random { get; }

    /// <summary>Streams that are open at both ends.</summary>
    public int OpenConnections => _connections.Count(c => !c.IsClosed && c is { IsClient: true, Peer.IsClosed: false });

    /// <summary>Nothing passes from <paramref name="from"/> to <paramref name="to"/> until it is healed.</summary>
    public void Cut(SimulatedNode from, SimulatedNode to) => Change(from, to, "cut", link => link.IsCut = true);

    public void Heal(SimulatedNode from, SimulatedNode to) => Change(from, to, "heal", link => link.IsCut = false);

    /// <summary>Nothing passes between the two sides, either way.</summary>
    public void Partition(IEnumerable<SimulatedNode> left, IEnumerable<SimulatedNode> right) => Between(left, right, Cut);

    /// <summary>Takes back a partition.</summary>
    public void Heal(IEnumerable<SimulatedNode> left, IEnumerable<SimulatedNode> right) => Between(left, right, Heal);

    /// <summary>Cuts <paramref name="node"/> off from all others.</summary>
    public void Isolate(SimulatedNode node) => Partition([node], _world.Nodes.Where(n => n != node));

    /// <summary>Takes back every cut, clog and slow line.</summary>
    public void HealAll()
    {
        foreach (var (ends, link) in _links.OrderBy(l => l.Key))
        {
            _world.Trace(StepKind.Fault, ends.From, "heal all", (ulong)ends.To);
            link.Reset(_world.Options.Link);
        }
        foreach (var connection in _connections) connection.LineChanged();
    }

    /// <summary>What goes from <paramref name="from"/> to <paramref name="to"/> waits that long, without back-off.</summary>
    public void Clog(SimulatedNode from, SimulatedNode to, TimeSpan time) =>
        Change(from, to, "clog", link => link.CloggedUntil = _world.Now + time);

    public void SetLink(SimulatedNode from, SimulatedNode to, LinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Change(from, to, options.ToString(), link => link.Options = options);
    }

    /// <summary>Every stream between the two breaks at both ends; what was on its way is lost.</summary>
    public void ResetConnections(SimulatedNode one, SimulatedNode other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        if (_world.IsForeign("a connection reset")) return;
        _world.Trace(StepKind.Fault, one.Index, "reset connections", (ulong)other.Index);
        foreach (var connection in _connections.ToArray())
        {
            var (from, to) = (connection.Process.Node, connection.Peer.Process.Node);
            if ((from, to) == (one, other) || (from, to) == (other, one)) connection.Break("the connection was reset");
        }
    }

    internal SimulatedLink Link(SimulatedNode from, SimulatedNode to)
    {
        if (!_links.TryGetValue((from.Index, to.Index), out var link))
            _links.Add((from.Index, to.Index), link = new SimulatedLink(_world.Options.Link));
        return link;
    }

    internal SimulatedNode? Resolve(string host, SimulatedNode from) => host is "localhost" or "127.0.0.1"
        ? from
        : _world.Nodes.FirstOrDefault(n => n.Host == host || n.Name == host);

    internal SimulatedListener Listen(SimulatedListener listener, int port)
    {
        var node = listener.Process.Node;
        if (port == 0)
        {
            port = FirstEphemeralPort;
            while (_listeners.ContainsKey((node.Index, port))) port++;
        }
        if (!_listeners.TryAdd((node.Index, port), listener)) throw new SocketException((int)SocketError.AddressAlreadyInUse);
        listener.Endpoint = new IPEndPoint(IPAddress.Parse(node.Host), port);
        return listener;
    }

    internal SimulatedListener? Listener(SimulatedNode node, int port) => _listeners.GetValueOrDefault((node.Index, port));

    internal void Forget(SimulatedListener listener)
    {
        var port = (listener.Process.Node.Index, listener.Endpoint.Port);
        if (_listeners.GetValueOrDefault(port) == listener) _listeners.Remove(port);
    }

    internal void Forget(SimulatedProcess dead)
    {
        var ports = _listeners.Where(l => l.Value.Process == dead).Select(l => l.Key).ToArray();
        foreach (var port in ports) _listeners.Remove(port);
    }

    internal void Opened(SimulatedConnection connection)
    {
        _connections.Add(connection);
        connection.Process.Connections.Add(connection);
    }

    internal void Closed(SimulatedConnection connection)
    {
        _connections.Remove(connection);
        connection.Process.Connections.Remove(connection);
    }

    /// <summary>How long the last bytes of a closed connection hang about.</summary>
    internal TimeSpan DrawLinger() => Random.Chance(_world.Options.LingerProbability)
        ? Random.Between(TimeSpan.Zero, _world.Options.MaxLateness)
        : TimeSpan.Zero;

    internal int NextClientPort() => 32768 + _connects++ % 16384;

    private static void Between(
        IEnumerable<SimulatedNode> left, IEnumerable<SimulatedNode> right, Action<SimulatedNode, SimulatedNode> change)
    {
        ArgumentNullException.ThrowIfNull(left);
        var others = right.ToArray();
        foreach (var one in left)
        {
            foreach (var other in others)
            {
                change(one, other);
                change(other, one);
            }
        }
    }

    private void Change(SimulatedNode from, SimulatedNode to, string what, Action<SimulatedLink> change)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (_world.IsForeign("a fault")) return;
        _world.Trace(StepKind.Fault, from.Index, what, (ulong)to.Index);
        change(Link(from, to));
        foreach (var connection in _connections)
        {
            if (connection.Process.Node == from && connection.Peer.Process.Node == to) connection.LineChanged();
        }
    }
}
