using KvStore.Client;

namespace KvStore.Benchmarks.Load;

/// <summary>Opens the ways into the store that a plan names. Owner: the benchmark.</summary>
internal sealed class LoadDoors : IAsyncDisposable
{
    private readonly ClusterPlan _plan;
    private readonly KvClient? _client;

    private LoadDoors(ClusterPlan plan, KvClient? client) => (_plan, _client) = (plan, client);

    /// <exception cref="KvConnectException">The .NET client found no node.</exception>
    public static async Task<LoadDoors> Open(ClusterPlan plan) =>
        new(plan, plan.Contacts.Count > 0 ? await KvClient.ConnectAsync(plan.Contacts) : null);

    /// <summary>For loop <paramref name="number"/>: a connection of its own to one of the nodes, in turn, or the one client.</summary>
    public ILoadDoor ForLoop(int number) =>
        _client is { } client ? new ClientDoor(client) : new RespConnection(_plan.Endpoints[number % _plan.Endpoints.Count]);

    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync();
    }
}
