using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>Commands on one value: GET, SET and their kin.</summary>
internal static class StringCommands
{
    public static IEnumerable<RespCommandInfo> All(KeyAccess keys) =>
    [
        new("GET", 2, KeyRange.One, CommandFlags.ReadOnly | CommandFlags.Fast, Fidelity.Exact, Fidelity.Exact,
            "The value; of siblings the latest.", request => keys.Read(request, Shown)),
        new("SET", -3, KeyRange.One, CommandFlags.Write, Fidelity.Exact, Fidelity.Exact,
            "Sets the value. With NX, XX, GET or KEEPTTL it reads first: eventual outside strong buckets.", request => Set(keys, request)),
        new("SETEX", 4, KeyRange.One, CommandFlags.Write, Fidelity.Exact, Fidelity.Refused,
            "Sets the value, to go after so many seconds.", request => SetFor(keys, request, "EX")),
        new("PSETEX", 4, KeyRange.One, CommandFlags.Write, Fidelity.Exact, Fidelity.Refused,
            "Sets the value, to go after so many milliseconds.", request => SetFor(keys, request, "PX")),
        new("SETNX", 3, KeyRange.One, CommandFlags.Write | CommandFlags.Fast, Fidelity.Eventual, Fidelity.Exact,
            "Sets the value if there is none.", request => keys.Update(request, held => held.Exists
                ? Change.None<RespReply>(RespReply.Zero)
                : Change.Put<RespReply>(Held.Value(request.Arguments[1]), RespReply.One))),
        new("GETSET", 3, KeyRange.One, CommandFlags.Write | CommandFlags.Fast, Fidelity.Eventual, Fidelity.Exact,
            "Sets the value and answers the one before.", request => keys.Update(
                request, held => Change.Put<RespReply>(Held.Value(request.Arguments[1]), Shown(held)))),
        new("GETDEL", 2, KeyRange.One, CommandFlags.Write | CommandFlags.Fast, Fidelity.Eventual, Fidelity.Exact,
            "Deletes the value and answers it.", request => keys.Update(request, held => held.Exists
                ? Change.Delete<RespReply>(Shown(held))
                : Change.None<RespReply>(RespReply.Null))),
        new("GETEX", -2, KeyRange.One, CommandFlags.Write | CommandFlags.Fast, Fidelity.Eventual, Fidelity.Refused,
            "The value, and another expiry for it.", request => GetWithExpiry(keys, request)),
        new("STRLEN", 2, KeyRange.One, CommandFlags.ReadOnly | CommandFlags.Fast, Fidelity.Exact, Fidelity.Exact,
            "How many bytes the value has.", request => keys.Read(request, held => Arguments.Integer(held.Bytes.Length))),
        new("APPEND", 3, KeyRange.One, CommandFlags.Write | CommandFlags.Fast, Fidelity.Eventual, Fidelity.Exact,
            "Appends to the value; answers its length.", request => keys.Update(request, held => Appended(held, request.Arguments[1]))),
    ];

    private static RespReply Shown(Held held) => held.Exists ? new RespReply.Bulk(held.Bytes) : RespReply.Null;

    private static ValueTask<RespAnswer> Set(KeyAccess keys, RespRequest request)
    {
        if (!SetOptions.Parse(request.Arguments).TryGet(out var options, out var problem))
            return ValueTask.FromResult<RespAnswer>(Arguments.Error(problem));
        var value = request.Arguments[1];
        return options.NeedsRead
            ? keys.Update(request, held => options.Apply(held, value))
            : keys.Put(request, Held.Value(value, options.ExpiresAt), RespReply.Ok);
    }

    private static ValueTask<RespAnswer> SetFor(KeyAccess keys, RespRequest request, string unit) =>
        Expiry.At(unit, request.Arguments[1], request.Name).TryGet(out var at, out var problem)
            ? keys.Put(request, Held.Value(request.Arguments[2], at), RespReply.Ok)
            : ValueTask.FromResult<RespAnswer>(Arguments.Error(problem));

    private static ValueTask<RespAnswer> GetWithExpiry(KeyAccess keys, RespRequest request)
    {
        if (request.Arguments.Count == 1) return keys.Read(request, Shown);
        if (!GetExOptions.TryParse(request.Arguments, out var options)) return ValueTask.FromResult<RespAnswer>(Arguments.Syntax);
        // As Redis: of a key that is not there the number is never looked at.
        return keys.Update(request, held => !held.Exists ? Change.None<RespReply>(RespReply.Null)
            : !options.ExpiresAt(request.Name).TryGet(out var at, out var problem) ? Change.None<RespReply>(Arguments.Error(problem))
            : held.ExpiresAt == at ? Change.None<RespReply>(Shown(held))
            : Change.Put<RespReply>(held with { ExpiresAt = at }, Shown(held)));
    }

    private static Change<RespReply> Appended(Held held, ReadOnlyMemory<byte> more)
    {
        var bytes = new byte[held.Bytes.Length + more.Length];
        held.Bytes.CopyTo(bytes);
        more.CopyTo(bytes.AsMemory(held.Bytes.Length));
        return Change.Put<RespReply>(Held.Value(bytes, held.ExpiresAt), Arguments.Integer(bytes.Length));
    }
}
