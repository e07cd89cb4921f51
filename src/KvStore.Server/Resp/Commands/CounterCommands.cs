using System.Buffers.Text;
using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>Commands on a number that is kept as text.</summary>
internal static class CounterCommands
{
    private static readonly RespReply.Error Overflow = new("ERR", "increment or decrement would overflow");

    public static IEnumerable<RespCommandInfo> All(KeyAccess keys) =>
    [
        Counter("INCR", 2, "Adds one.", request => Add(keys, request, 1)),
        Counter("DECR", 2, "Takes one away.", request => Add(keys, request, -1)),
        Counter("INCRBY", 3, "Adds so much.", request => Arguments.TryInteger(request.Arguments[1], out var amount)
            ? Add(keys, request, amount)
            : Refused(Arguments.NotAnInteger)),
        Counter("DECRBY", 3, "Takes so much away.", request => !Arguments.TryInteger(request.Arguments[1], out var amount)
            ? Refused(Arguments.NotAnInteger)
            : amount == long.MinValue ? Refused(new RespReply.Error("ERR", "decrement would overflow")) : Add(keys, request, -amount)),
    ];

    private static RespCommandInfo Counter(string name, int arity, string summary, Func<RespRequest, ValueTask<RespAnswer>> execute) =>
        new(name, arity, KeyRange.One, CommandFlags.Write | CommandFlags.Fast, Fidelity.Eventual, Fidelity.Exact, summary, execute);

    private static ValueTask<RespAnswer> Add(KeyAccess keys, RespRequest request, long amount) => keys.Update(request, held =>
    {
        long before = 0;
        if (held.Exists && !Arguments.TryInteger(held.Bytes, out before)) return Change.None<RespReply>(Arguments.NotAnInteger);
        var after = unchecked(before + amount);
        // The sum overflows when both have the sign that the sum has not.
        if (((before ^ after) & (amount ^ after)) < 0) return Change.None<RespReply>(Overflow);
        var text = new byte[20];
        Utf8Formatter.TryFormat(after, text, out var length);
        return Change.Put<RespReply>(Held.Value(text.AsMemory(0, length), held.ExpiresAt), Arguments.Integer(after));
    });

    private static ValueTask<RespAnswer> Refused(RespReply.Error error) => ValueTask.FromResult<RespAnswer>(error);
}
