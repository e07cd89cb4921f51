using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>Commands about when a key goes, and of what type it is.</summary>
internal static class ExpiryCommands
{
    private const long NoKey = -2;
    private const long NoExpiry = -1;

    public static IEnumerable<RespCommandInfo> All(KeyAccess keys) =>
    [
        Setter("EXPIRE", "Lets the key go after so many seconds.", keys, "EX"),
        Setter("PEXPIRE", "Lets the key go after so many milliseconds.", keys, "PX"),
        Setter("EXPIREAT", "Lets the key go at a time, in seconds since 1970.", keys, "EXAT"),
        Setter("PEXPIREAT", "Lets the key go at a time, in milliseconds since 1970.", keys, "PXAT"),
        new("PERSIST", 2, KeyRange.One, CommandFlags.Write | CommandFlags.Fast, Fidelity.Eventual, Fidelity.Exact,
            "Lets the key stay.", request => keys.Update(request, held => held is { Exists: true, ExpiresAt: not 0 }
                ? Change.Put<RespReply>(held with { ExpiresAt = 0 }, RespReply.One)
                : Change.None<RespReply>(RespReply.Zero))),
        Getter("TTL", "In how many seconds the key goes.", keys, at => (at - Expiry.Now + 500) / 1000),
        Getter("PTTL", "In how many milliseconds the key goes.", keys, at => at - Expiry.Now),
        Getter("EXPIRETIME", "When the key goes, in seconds since 1970.", keys, at => (at + 500) / 1000),
        Getter("PEXPIRETIME", "When the key goes, in milliseconds since 1970.", keys, at => at),
        new("TYPE", 2, KeyRange.One, CommandFlags.ReadOnly | CommandFlags.Fast, Fidelity.Exact, Fidelity.Exact,
            "string or none.", request => keys.Read(request, held => new RespReply.Simple(held.Exists ? "string" : "none"))),
    ];

    private static RespCommandInfo Getter(string name, string summary, KeyAccess keys, Func<long, long> shown) =>
        new(name, 2, KeyRange.One, CommandFlags.ReadOnly | CommandFlags.Fast, Fidelity.Exact, Fidelity.Exact, summary,
            request => keys.Read(request, held => Arguments.Integer(
                !held.Exists ? NoKey : held.ExpiresAt == 0 ? NoExpiry : Math.Max(0, shown(held.ExpiresAt)))));

    private static RespCommandInfo Setter(string name, string summary, KeyAccess keys, string unit) =>
        new(name, -3, KeyRange.One, CommandFlags.Write | CommandFlags.Fast, Fidelity.Eventual, Fidelity.Refused, summary,
            request => Expire(keys, request, unit));

    private static ValueTask<RespAnswer> Expire(KeyAccess keys, RespRequest request, string unit)
    {
        if (!ExpireCondition.Parse(request.Arguments.Skip(2)).TryGet(out var condition, out var problem)) return Refused(Arguments.Error(problem));
        if (!Arguments.TryInteger(request.Arguments[1], out var value)) return Refused(Arguments.NotAnInteger);
        if (!Expiry.TryAt(unit, value, out var at))
            return Refused(new RespReply.Error("ERR", $"invalid expire time in '{request.Name.ToLowerInvariant()}' command"));
        return keys.Update(request, held => !held.Exists || !condition.Allows(held.ExpiresAt, at)
            ? Change.None<RespReply>(RespReply.Zero)
            : at <= Expiry.Now
                ? Change.Delete<RespReply>(RespReply.One)
                : Change.Put<RespReply>(held with { ExpiresAt = at }, RespReply.One));
    }

    private static ValueTask<RespAnswer> Refused(RespReply.Error error) => ValueTask.FromResult<RespAnswer>(error);
}
