using Akka.Actor;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
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

    /// <summary>As many as other primaries of a key there usually are: each time the one that was out of reach is passed over.</summary>
    private const int MaxRepeats = 2;

    private readonly ulong _session = (ulong)Random.Shared.NextInt64() | 1;
    private ulong _lastRequest;

    public int MaxValueBytes => settings.Limits.ValueBytes;

    public ClientProtocol.Get Get(BucketKey key) => new(NextRequest(), key, settings.Timeouts.Request);

    /// <summary>A write that takes the place of what is there. A null value deletes.</summary>
    public ClientProtocol.Put Put(BucketKey key, ReadOnlyMemory<byte>? value) => new(NextRequest(), key, value, settings.Timeouts.Request);

    public ClientProtocol.DoRegister Register(BucketKey key, RegisterCommand command) =>
        new(NextRequest(), key, command, settings.Timeouts.Request);

    public ClientProtocol.ListKeys List(BucketName bucket, ScanPosition from, int max) =>
        new(NextRequest(), bucket, from, max, settings.Timeouts.Request);

    /// <summary>
    /// The coordinator's answer; null when none came in time. A write that was passed on to a node which has just died, or which has just lost
    /// its part in the key, is asked again, under the same id, and goes to another. What may have been applied at first is not called undone by a
    /// later answer.
    /// </summary>
    public async Task<IWireMessage?> Ask(ClientProtocol.IClientRequest request, CancellationToken cancelled)
    {
        try
        {
            IWireMessage? perhaps = null;
            for (var again = 0; ; again++)
            {
                var answer = await coordinator.Ask<IWireMessage>(request, request.Budget + Grace, cancelled);
                if (again < MaxRepeats && IsLostOnItsWay(answer))
                {
                    if (IsUnknown(answer)) perhaps = answer;
                    continue;
                }
                return answer is ClientProtocol.PutDone { Result: PutResult.Done } ? answer : perhaps ?? answer;
            }
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private static bool IsUnknown(IWireMessage answer) => answer is ClientProtocol.PutDone { Result: PutResult.Unknown };

    private static bool IsLostOnItsWay(IWireMessage answer) =>
        answer is ClientProtocol.PutDone { Result: not PutResult.Done, Refusal: Refusal.Unreachable or Refusal.StaleEpoch };

    private RequestId NextRequest() => new(_session, Interlocked.Increment(ref _lastRequest));
}
