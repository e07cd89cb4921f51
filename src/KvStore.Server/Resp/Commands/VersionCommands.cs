using System.Buffers.Text;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Registers;
using KvStore.Core.Replication;
using KvStore.Server.Keys;
using KvStore.Wire;

namespace KvStore.Server.Resp.Commands;

/// <summary>
/// The store's own commands: versions as they are. KV.GET answers every sibling and the context to write with; KV.PUT and KV.DEL take that
/// context, and without one make a sibling. In a strong bucket there is one value and its version, and VERSION makes the write a compare-and-set.
/// </summary>
internal static class VersionCommands
{
    public static IEnumerable<RespCommandInfo> All(KeyAccess keys) =>
    [
        Own("KV.GET", -2, CommandFlags.ReadOnly,
            "All siblings, and the context to write with. [BUCKET b] [N|R|PR n] [SLOPPY|STRICT] [MONOTONIC]", request => Get(keys, request)),
        Own("KV.PUT", -3, CommandFlags.Write,
            "Writes what takes the place of what the context has seen. [CONTEXT token | VERSION n] [BUCKET b] [N|W|PW|DW n] "
            + "[SLOPPY|STRICT] [EX s|PX ms|EXAT s|PXAT ms]", request => Write(keys, request, request.Arguments[1], optionsFrom: 2)),
        Own("KV.DEL", -2, CommandFlags.Write,
            "Deletes what the context has seen. Options as of KV.PUT.", request => Write(keys, request, value: null, optionsFrom: 1)),
    ];

    private static RespCommandInfo Own(
        string name, int arity, CommandFlags flags, string summary, Func<RespRequest, ValueTask<RespAnswer>> execute) =>
        new(name, arity, KeyRange.One, flags, Fidelity.Exact, Fidelity.Exact, summary, execute);

    private static async ValueTask<RespAnswer> Get(KeyAccess keys, RespRequest request)
    {
        if (!VersionOptions.Parse(request, 1, keys.Spaces).TryGet(out var options, out var problem)) return Arguments.Error(problem);
        if (!Arguments.Key(options.Bucket.Name, request.Arguments[0]).TryGet(out var key, out problem)) return Arguments.Error(problem);
        var gateway = keys.Spaces.Gateway;
        if (options.Bucket.IsStrong) return await DoRegister(gateway, key, new RegisterCommand.Get(), request.Cancelled);

        var get = gateway.Get(key) with { Quorum = options.Quorum, Monotonic = options.IsMonotonic, WantsContext = true };
        var answer = await gateway.Ask(get, request.Cancelled);
        if (answer is not ClientProtocol.GetDone { Result: GetResult.Done } done) return Arguments.Error(Problems.OfRead(answer));
        var shown = SiblingView.Shown(done.State, options.Bucket.Conflicts, Expiry.Now);
        return new RespReply.Map(
        [
            Entry("siblings", new RespReply.Array([.. shown.Select(version => new RespReply.Bulk(version.Value))])),
            Entry("context", Token(done.Context)),
            .. Tally(done.Tally),
        ]);
    }

    private static async ValueTask<RespAnswer> Write(
        KeyAccess keys, RespRequest request, ReadOnlyMemory<byte>? value, int optionsFrom)
    {
        if (!VersionOptions.Parse(request, optionsFrom, keys.Spaces).TryGet(out var options, out var problem)) return Arguments.Error(problem);
        if (!Arguments.Key(options.Bucket.Name, request.Arguments[0]).TryGet(out var key, out problem)) return Arguments.Error(problem);
        if (keys.TooLarge(value?.Length ?? 0) is { } tooLarge) return tooLarge;
        var gateway = keys.Spaces.Gateway;
        if (options.Bucket.IsStrong) return await DoRegister(gateway, key, CommandOf(value, options), request.Cancelled);

        if (options.Version is not null) return new RespReply.Error("ERR", "VERSION is for strong buckets; this one has contexts. Nothing was done.");
        var put = gateway.Put(key, value) with
        {
            Quorum = options.Quorum,
            Mode = WriteMode.WithContext,
            Context = options.Context,
            ExpiresAt = options.ExpiresAt,
            WantsContext = true,
        };
        var answer = await gateway.Ask(put, request.Cancelled);
        // A value without a context is one sibling more each time.
        var isRepeatable = value is null || !options.Context.IsEmpty;
        if (Problems.OfWrite(answer, isRepeatable) is { } failed) return Arguments.Error(failed);
        var done = (ClientProtocol.PutDone)answer!;
        return new RespReply.Map(
        [
            Entry("context", Token(done.Context)),
            .. Tally(done.Tally),
            Entry("durable", Arguments.Integer(done.Tally.Durable)),
            Entry("hints", Arguments.Integer(done.Tally.Hints)),
        ]);
    }

    private static RegisterCommand CommandOf(ReadOnlyMemory<byte>? value, VersionOptions options) => (options.Version, value) switch
    {
        ({ } version, _) => new RegisterCommand.CompareAndSet(new RegisterExpectation.HasVersion(version), value),
        (null, { } bytes) => new RegisterCommand.Put(bytes),
        _ => new RegisterCommand.Delete(),
    };

    private static async ValueTask<RespAnswer> DoRegister(
        KeyValueGateway gateway, BucketKey key, RegisterCommand command, CancellationToken cancelled)
    {
        var answer = await gateway.Ask(gateway.Register(key, command), cancelled);
        if (answer is ClientProtocol.RegisterDone { Outcome: RegisterOutcome.Mismatch mismatch })
        {
            return new RespReply.Error(
                "MISMATCH", $"the key has version {mismatch.Value.Version}; nothing was changed, read it and decide again");
        }
        if (Problems.OfRegister(answer) is { } failed) return Arguments.Error(failed);
        var done = (RegisterOutcome.Done)((ClientProtocol.RegisterDone)answer!).Outcome;
        return new RespReply.Map(
        [
            Entry("value", done.Value.Data is { } bytes ? new RespReply.Bulk(bytes) : RespReply.Null),
            Entry("version", new RespReply.Integer((long)done.Version)),
        ]);
    }

    private static IEnumerable<KeyValuePair<RespReply, RespReply>> Tally(OperationTally tally) =>
        [Entry("primaries", Arguments.Integer(tally.Primaries)), Entry("fallbacks", Arguments.Integer(tally.Fallbacks))];

    private static RespReply Token(ReadOnlyMemory<byte> context) => RespReply.OfText(Base64Url.EncodeToString(context.Span));

    private static KeyValuePair<RespReply, RespReply> Entry(string name, RespReply value) => KeyValuePair.Create(RespReply.OfText(name), value);
}
