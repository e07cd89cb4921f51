namespace KvStore.Server.Resp.Commands;

/// <summary>Commands of Redis that this store will not do, each with the reason: better than "unknown command" to whoever looks for it.</summary>
internal static class RefusedCommands
{
    private const string Transactions = "there are no transactions over several commands; a strong bucket's KV.PUT ... VERSION is a compare-and-set";
    private const string Types = "values are strings; there are no lists, sets, hashes, sorted sets or streams";
    private const string Messages = "this is a store and no message broker";
    private const string Scripts = "there are no scripts; a strong bucket's KV.PUT ... VERSION is a compare-and-set";
    private const string OneByOne = "buckets are emptied one by one; KV.USE takes you to one, and FLUSHDB empties that";
    private const string Names = "keys live on different nodes, and no two of them change at one moment; read the one and write the other";

    private static readonly (string Reason, string[] Names)[] Reasons =
    [
        (Transactions, ["MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH"]),
        (Types, ["LPUSH", "RPUSH", "LPOP", "RPOP", "LRANGE", "SADD", "SREM", "SMEMBERS", "HSET", "HGET", "HGETALL", "HDEL",
            "ZADD", "ZRANGE", "XADD", "XREAD"]),
        (Messages, ["SUBSCRIBE", "PSUBSCRIBE", "PUBLISH"]),
        (Scripts, ["EVAL", "EVALSHA", "FCALL", "SCRIPT"]),
        (OneByOne, ["FLUSHALL"]),
        (Names, ["RENAME", "RENAMENX", "COPY", "MSETNX"]),
    ];

    public static IEnumerable<RespCommandInfo> All() =>
        from reason in Reasons
        from name in reason.Names
        let answer = new RespReply.Error("ERR", $"{name} is not offered: {reason.Reason}. Nothing was done.")
        select new RespCommandInfo(name, -1, KeyRange.None, CommandFlags.None, Fidelity.Refused, Fidelity.Refused,
            $"Not offered: {reason.Reason}.", _ => ValueTask.FromResult<RespAnswer>(answer));
}
