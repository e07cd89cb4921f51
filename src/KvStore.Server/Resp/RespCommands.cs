using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using KvStore.Core.Identity;

namespace KvStore.Server.Resp;

/// <summary>The Redis commands of this door, each a few lines around the store's own operations.</summary>
public static class RespCommands
{
    private const int MaxKeys = 1000;

    public static RespCommandTable Table(KeyValueGateway gateway) => new RespCommandTable()
        .Add("PING", 0, 1, (arguments, _) => Answer(arguments is [var text] ? new RespReply.Bulk(text) : new RespReply.Simple("PONG")))
        .Add("QUIT", 0, 0, (_, _) => ValueTask.FromResult(new RespAnswer(RespReply.Ok, CloseAfter: true)))
        .Add("GET", 1, 1, async (arguments, cancelled) => new RespAnswer(await Get(gateway, arguments[0], cancelled)))
        .Add("SET", 2, 2, async (arguments, cancelled) => new RespAnswer(await Set(gateway, arguments[0], arguments[1], cancelled)))
        .Add("DEL", 1, MaxKeys, async (arguments, cancelled) => new RespAnswer(await Delete(gateway, arguments, cancelled)));

    private static async Task<RespReply> Get(KeyValueGateway gateway, ReadOnlyMemory<byte> name, CancellationToken cancelled)
    {
        if (!TryKey(name, out var key, out var refused)) return refused;
        return await Answers.Read(gateway, key, cancelled) switch
        {
            ReadResult.Value found => new RespReply.Bulk(found.Bytes),
            ReadResult.Absent => RespReply.Null,
            ReadResult.Failed failed => failed.Error,
            _ => throw new UnreachableException(),
        };
    }

    private static async Task<RespReply> Set(
        KeyValueGateway gateway, ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value, CancellationToken cancelled)
    {
        if (!TryKey(name, out var key, out var refused)) return refused;
        if (value.Length > gateway.MaxValueBytes)
            return new RespReply.Error("ERR",
                $"the value has {value.Length} bytes, and the most is {gateway.MaxValueBytes} (kv-store.limits.value-bytes); nothing was changed");
        return await Answers.Write(gateway, key, value, cancelled) ?? RespReply.Ok;
    }

    /// <summary>
    /// Deletes what is there and counts it. The keys are independent: those before a failure stay deleted, and the error says so.
    /// </summary>
    private static async Task<RespReply> Delete(
        KeyValueGateway gateway, IReadOnlyList<ReadOnlyMemory<byte>> names, CancellationToken cancelled)
    {
        var deleted = 0;
        foreach (var name in names)
        {
            if (!TryKey(name, out var key, out var failure)) return AfterSome(deleted, failure);
            var found = await Answers.Read(gateway, key, cancelled);
            if (found is ReadResult.Absent) continue;
            failure = found is ReadResult.Failed unread ? unread.Error : await Answers.Write(gateway, key, value: null, cancelled);
            if (failure is not null) return AfterSome(deleted, failure);
            deleted++;
        }
        return new RespReply.Integer(deleted);
    }

    private static RespReply.Error AfterSome(int deleted, RespReply.Error failure) =>
        deleted == 0 ? failure : failure with { Text = $"{failure.Text} ({deleted} keys before it were deleted)" };

    private static bool TryKey(ReadOnlyMemory<byte> name, out BucketKey key, [NotNullWhen(false)] out RespReply.Error? refused)
    {
        refused = Key.TryCreate(name, out var inBucket, out var wrong) ? null : new RespReply.Error("ERR", $"{wrong} Nothing was changed.");
        key = new BucketKey(BucketName.Default, inBucket);
        return refused is null;
    }

    private static ValueTask<RespAnswer> Answer(RespReply reply) => ValueTask.FromResult(new RespAnswer(reply));
}
