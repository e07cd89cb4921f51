using System.Globalization;

namespace KvStore.Server.Resp.Commands;

/// <summary>CLIENT and its subcommands: what libraries say of themselves when they connect, and what operators look at.</summary>
internal static class ClientCommand
{
    public static RespReply Execute(RespDoor door, RespRequest request)
    {
        var (session, arguments) = (request.Session, request.Arguments);
        return (Arguments.Word(arguments[0]), arguments.Count) switch
        {
            ("ID", 1) => Arguments.Integer(session.Id),
            ("GETNAME", 1) => session.Name.Length == 0 ? RespReply.Null : RespReply.OfText(session.Name),
            ("SETNAME", 2) => SetName(session, Arguments.Text(arguments[1])),
            ("SETINFO", 3) => SetInfo(session, Arguments.Word(arguments[1]), Arguments.Text(arguments[2])),
            ("INFO", 1) => new RespReply.Verbatim(Line(session)),
            ("LIST", 1) => new RespReply.Verbatim(string.Concat(door.Connections.Open.Select(Line))),
            ("NO-EVICT" or "NO-TOUCH", 2) => RespReply.Ok,
            ("REPLY" or "TRACKING" or "PAUSE" or "UNPAUSE" or "KILL" or "CACHING", _) => new RespReply.Error("ERR",
                $"CLIENT {Arguments.Word(arguments[0])} is not offered by this server; nothing was changed"),
            _ => new RespReply.Error("ERR", $"unknown subcommand or wrong number of arguments for '{Arguments.Text(arguments[0])}'. Try CLIENT HELP."),
        };
    }

    /// <summary>A name is shown in lists: no blanks, no control characters.</summary>
    public static RespReply.Error? RefuseName(string name) => name.All(c => c is >= '!' and <= '~')
        ? null
        : new RespReply.Error("ERR", "Client names cannot contain spaces, newlines or special characters.");

    private static RespReply SetName(RespSession session, string name)
    {
        if (RefuseName(name) is { } refused) return refused;
        session.Name = name;
        return RespReply.Ok;
    }

    private static RespReply SetInfo(RespSession session, string what, string value)
    {
        if (RefuseName(value) is not null)
            return new RespReply.Error("ERR", $"{what.ToLowerInvariant()} cannot contain spaces, newlines or special characters.");
        switch (what)
        {
            case "LIB-NAME": session.Library = value; return RespReply.Ok;
            case "LIB-VER": session.LibraryVersion = value; return RespReply.Ok;
            default: return new RespReply.Error("ERR", $"Unrecognized option '{what}'");
        }
    }

    private static string Line(RespSession session) => string.Create(CultureInfo.InvariantCulture,
        $"id={session.Id} addr={session.Peer} name={session.Name} db=0 bucket={session.Bucket} resp={(int)session.Version} "
        + $"lib-name={session.Library} lib-ver={session.LibraryVersion} user={RespDoor.User}\n");
}
