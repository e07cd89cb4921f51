using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Node.Settings;
using KvStore.Wire;

namespace KvStore.Server;

/// <summary>
/// How a door reaches the store: asks this node's coordinator, with a request id and a budget, and waits no longer than that. Any thread.
/// </summary>
public sealed class KeyValueGateway(IActorRef coordinator, NodeSettings settings)
{
    /// <summary>What the door waits beyond the request's budget, so that the coordinator's own verdict is the one that is heard.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly ulong _session = (ulong)Random.Shared.NextInt64() | 1;
    private ulong _lastRequest;

    public int MaxValueBytes => settings.Limits.ValueBytes;

    /// <summary>A <see cref="ClientProtocol.GetDone"/> or <see cref="ClientProtocol.Busy"/>.</summary>
    /// <exception cref="AskTimeoutException">No answer; nothing is known of the key.</exception>
    public Task<IWireMessage> Get(BucketKey key, CancellationToken cancelled) =>
        Ask(new ClientProtocol.Get(NextRequest(), key, settings.Timeouts.Request), cancelled);

    /// <summary>A <see cref="ClientProtocol.PutDone"/> or <see cref="ClientProtocol.Busy"/>. A null value deletes.</summary>
    /// <exception cref="AskTimeoutException">No answer; the write may or may not be there.</exception>
    public Task<IWireMessage> Put(BucketKey key, ReadOnlyMemory<byte>? value, CancellationToken cancelled) =>
        Ask(new ClientProtocol.Put(NextRequest(), key, value, settings.Timeouts.Request), cancelled);

    private Task<IWireMessage> Ask(ClientProtocol.IClientRequest request, CancellationToken cancelled) =>
        coordinator.Ask<IWireMessage>(request, request.Budget + Grace, cancelled);

    private RequestId NextRequest() => new(_session, Interlocked.Increment(ref _lastRequest));
}
