using KvStore.Core.Identity;
using KvStore.Core.Registers;
using KvStore.Wire;

namespace KvStore.Server.Keys;

/// <summary>Strong buckets: each operation takes effect at one moment between call and answer, or says that it may not have.</summary>
internal sealed class StrongKeys(KeyValueGateway gateway) : IKeySpace
{
    /// <summary>How often a step is asked again because another client was faster, before its own is told to try again.</summary>
    private const int MaxTries = 32;

    private static readonly Problem NoExpiry = Problem.Wrong(
        "keys of a strong bucket do not expire. Nothing was changed. Leave the expiry out, or use another bucket.");

    private static readonly Problem Contended = new(
        "TRYAGAIN", "other clients changed the key each time before this one could; the change was not applied, try again");

    public async Task<Outcome<Held>> Read(BucketKey key, CancellationToken cancelled) =>
        (await Do(key, new RegisterCommand.Get(), cancelled)).TryGet(out var value, out var problem) ? Show(value) : problem;

    public async Task<Problem?> Put(BucketKey key, Held value, CancellationToken cancelled) =>
        value.ExpiresAt != 0 ? NoExpiry : (await Do(key, new RegisterCommand.Put(value.Bytes), cancelled)).Problem;

    public async Task<Outcome<T>> Update<T>(BucketKey key, Func<Held, Change<T>> step, CancellationToken cancelled)
    {
        if (!(await Do(key, new RegisterCommand.Get(), cancelled)).TryGet(out var found, out var problem)) return problem;
        for (var i = 0; i < MaxTries; i++)
        {
            var change = step(Show(found));
            if (change.Kind == ChangeKind.None) return change.Answer;
            if (change.After.ExpiresAt != 0) return NoExpiry;
                var swap = new RegisterCommand.CompareAndSet(new RegisterExpectation.HasVersion(found.Version), change.BytesOrNull);
            var answer = await gateway.Ask(gateway.Register(key, swap), cancelled);
            if (answer is ClientProtocol.RegisterDone { Outcome: RegisterOutcome.Mismatch mismatch }) found = mismatch.Value;
            else return Problems.OfRegister(answer) is { } failed ? failed : change.Answer;
        }
        return Contended;
    }

    private async Task<Outcome<RegisterValue>> Do(BucketKey key, RegisterCommand command, CancellationToken cancelled)
    {
        var answer = await gateway.Ask(gateway.Register(key, command), cancelled);
        return answer is ClientProtocol.RegisterDone { Outcome: RegisterOutcome.Done done } ? done.Value : Problems.OfRegister(answer)!;
    }

    private static Held Show(RegisterValue value) => value.Data is { } bytes ? Held.Value(bytes) : Held.Nothing;
}
