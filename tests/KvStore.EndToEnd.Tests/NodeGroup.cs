namespace KvStore.EndToEnd;

/// <summary>
/// A cluster of node processes with settings of the test's own, and, where the test wants it, with every line between two nodes going through
/// <see cref="CuttableLines"/>. Node ids are always the same, and so is who owns what.
/// </summary>
internal sealed class NodeGroup : IAsyncDisposable
{
    private const int ProxyShift = 10;
    private readonly string _folder = Directory.CreateTempSubdirectory("kv-test-group-").FullName;
    private readonly int _portOffset;
    private readonly List<RealNode> _nodes = [];

    private NodeGroup(int portOffset) => _portOffset = portOffset;

    /// <summary>The processes, founders first. Node i of the text is at index i-1.</summary>
    public IReadOnlyList<RealNode> Nodes => _nodes;

    public RealNode this[int number] => _nodes[number - 1];

    public IEnumerable<HttpDoor> Doors => _nodes.Where(node => node.IsRunning).Select(node => node.Door);

    /// <summary>The lines between the founders; null when they are not to be cut.</summary>
    public CuttableLines? Lines { get; private set; }

    /// <param name="settings">Settings of every node that are not the default ones.</param>
    /// <param name="cuttable">Whether the lines between them can be cut.</param>
    public static async Task<NodeGroup> Up(int nodes, int portOffset, string settings = "", bool cuttable = false)
    {
        var group = new NodeGroup(portOffset);
        var numbers = Enumerable.Range(1, nodes).ToList();
        if (cuttable)
        {
            group.Lines = CuttableLines.Open([.. numbers.Select(number =>
                (From: group.PortsOf(number).Remoting + ProxyShift, To: group.PortsOf(number).Remoting))]);
        }
        var shift = cuttable ? ProxyShift : 0;
        var members = string.Join(", ", numbers.Select(number => $"\"{IdOf(number)}@127.0.0.1:{group.PortsOf(number).Remoting + shift}\""));
        foreach (var number in numbers)
        {
            group._nodes.Add(new RealNode(group.FolderOf(number), group.PortsOf(number), $"""
                {settings}
                kv-store.node.id = "{IdOf(number)}"
                kv-store.cluster.members = [{members}]
                akka.remote.dot-netty.tcp.public-port = {(cuttable ? group.PortsOf(number).Remoting + shift : 0)}
                """));
            group._nodes[^1].Start(init: true);
            group.Lines?.Is(number, group._nodes[^1].Pid);
        }
        try
        {
            foreach (var node in group._nodes) await node.UntilReady();
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
        return group;
    }

    /// <summary>A node that asks node 1 to be let in; started, and not a member yet.</summary>
    public RealNode Join(string settings = "")
    {
        var number = _nodes.Count + 1;
        var newcomer = RealNode.Newcomer(FolderOf(number), PortsOf(number), this[1].Ports.Remoting, settings);
        _nodes.Add(newcomer);
        newcomer.Start();
        return newcomer;
    }

    /// <summary>Starts a founder that was killed or stopped, and waits until it serves.</summary>
    public async Task Restart(int number)
    {
        this[number].Start();
        Lines?.Is(number, this[number].Pid);
        await this[number].UntilReady();
    }

    /// <summary>The id of a founder.</summary>
    public static string IdOf(int number) => $"{0x9E3779B97F4A7C15 * (ulong)number:x16}{0xD1B54A32D192ED03 * (ulong)number:x16}";

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        Lines?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string FolderOf(int number) => Path.Combine(_folder, $"{number}");

    private NodePorts PortsOf(int number) => NodePorts.Of(_portOffset, number);
}
