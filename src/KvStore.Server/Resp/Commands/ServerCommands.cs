using System.Globalization;

namespace KvStore.Server.Resp.Commands;

/// <summary>Commands about the server: COMMAND, INFO, TIME, CONFIG.</summary>
internal static class ServerCommands
{
    public static IEnumerable<RespCommandInfo> All(RespDoor door) =>
    [
        Plain("TIME", 1, "Seconds and microseconds since 1970.", CommandFlags.Fast, _ => Time()),
        Plain("INFO", -1, "What the node says of itself.", CommandFlags.None, request => door.Info(request.Arguments.Select(Arguments.Word))),
        Plain("COMMAND", -1, "The commands: COUNT, LIST, INFO, DOCS, GETKEYS.", CommandFlags.None, request => CommandCommand.Execute(door, request)),
        Plain("CONFIG", -2, "GET finds no parameter: settings are the node's (hocon/reference.conf).", CommandFlags.None, request =>
            Arguments.Word(request.Arguments[0]) == "GET" && request.Arguments.Count > 1
                ? new RespReply.Map([])
                : new RespReply.Error("ERR", "settings are changed in the node's configuration file, not here; nothing was changed")),
    ];

    private static RespCommandInfo Plain(
        string name, int arity, string summary, CommandFlags flags, Func<RespRequest, RespReply> execute) =>
        new(name, arity, KeyRange.None, flags, Fidelity.Exact, Fidelity.Exact, summary,
            request => ValueTask.FromResult<RespAnswer>(execute(request)));

    private static RespReply.Array Time()
    {
        const long ticksPerMicrosecond = TimeSpan.TicksPerMicrosecond;
        var since1970 = DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch;
        var microseconds = since1970.Ticks / ticksPerMicrosecond;
        return new RespReply.Array(
        [
            RespReply.OfText((microseconds / 1_000_000).ToString(CultureInfo.InvariantCulture)),
            RespReply.OfText((microseconds % 1_000_000).ToString(CultureInfo.InvariantCulture)),
        ]);
    }
}
