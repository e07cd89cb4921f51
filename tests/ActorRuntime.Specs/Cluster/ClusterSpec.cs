namespace ActorRuntime.Specs.Clustering;

/// <summary>The base of specs about clusters: several systems in this process, over real sockets, ended with the spec.</summary>
public abstract class ClusterSpec : IAsyncLifetime
{
    private readonly List<ClusterNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    private protected ClusterNode Start(string config = "")
    {
        var node = ClusterNode.Start(config);
        _nodes.Add(node);
        return node;
    }

    private protected ClusterNode StartAnew(ClusterNode ended)
    {
        var node = ended.StartAnew();
        _nodes.Add(node);
        return node;
    }

    private protected async Task<ClusterNode[]> Form(int count, string config = "")
    {
        var nodes = await ClusterNode.Form(count, config);
        _nodes.AddRange(nodes);
        return nodes;
    }
}
