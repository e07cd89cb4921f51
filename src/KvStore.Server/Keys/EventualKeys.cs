using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Wire;

namespace KvStore.Server.Keys;

/// <summary>Buckets of siblings and of the last writer. Of several siblings the latest is shown, and counted as a conflict.</summary>
internal sealed class EventualKeys(KeyValueGateway gateway, ConflictPolicy policy, DoorMetrics metrics) : IKeySpace
{
    public async Task<Outcome<Held>> Read(BucketKey key, CancellationToken cancelled)
    {
        var answer = await gateway.Ask(gateway.Get(key), cancelled);
        return answer is ClientProtocol.GetDone { Result: GetResult.Done } done ? Show(done.State) : Problems.OfRead(answer);
    }

    public async Task<Problem?> Put(BucketKey key, Held value, CancellationToken cancelled) =>
        Problems.OfWrite(await gateway.Ask(gateway.Put(key, value.Bytes) with { ExpiresAt = value.ExpiresAt }, cancelled), isRepeatable: true);

    public async Task<Outcome<T>> Update<T>(BucketKey key, Func<Held, Change<T>> step, CancellationToken cancelled)
    {
        var answer = await gateway.Ask(gateway.Get(key) with { WantsContext = true }, cancelled);
        if (answer is not ClientProtocol.GetDone { Result: GetResult.Done } done) return Problems.OfRead(answer);
        var change = step(Show(done.State));
        if (change.Kind == ChangeKind.None) return change.Answer;
        var put = gateway.Put(key, change.BytesOrNull) with
        {
            ExpiresAt = change.After.ExpiresAt,
            Mode = WriteMode.WithContext,
            Context = done.Context,
        };
        return Problems.OfWrite(await gateway.Ask(put, cancelled), change.IsRepeatable) is { } problem ? problem : change.Answer;
    }

    private Held Show(SiblingSet state)
    {
        var shown = SiblingView.Shown(state, policy, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        if (shown.Count == 0) return Held.Nothing;
        if (shown.Count > 1) metrics.SiblingsHidden.Add(1);
        var latest = shown.Count == 1 ? shown[0] : shown.MaxBy(version => (version.Timestamp.Value, version.Dot))!;
        return Held.Value(latest.Value, latest.ExpiresAt);
    }
}
