using KvStore.Server.Keys;

namespace KvStore.Server.Resp.Commands;

/// <summary>Commands about the connection itself: who is there, which protocol, which bucket.</summary>
internal static class ConnectionCommands
{
    private static readonly RespReply.Error WrongPassword =
        new("WRONGPASS", "invalid username-password pair or user is disabled.");

    public static IEnumerable<RespCommandInfo> All(RespDoor door) =>
    [
        Plain("PING", -1, "PONG, or what was given.", CommandFlags.Fast, request => request.Arguments.Count switch
        {
            0 => new RespReply.Simple("PONG"),
            1 => new RespReply.Bulk(request.Arguments[0]),
            _ => RespCommandTable.WrongNumber(request.Name),
        }),
        Plain("ECHO", 2, "What was given.", CommandFlags.Fast, request => new RespReply.Bulk(request.Arguments[0])),
        Plain("HELLO", -1, "Chooses the protocol, says who it is.",
            CommandFlags.ChangesSession | CommandFlags.BeforeAuthentication, request => Hello(door, request)),
        Plain("AUTH", -2, "Says the password.",
            CommandFlags.ChangesSession | CommandFlags.BeforeAuthentication, request => Authenticate(door, request)),
        Plain("SELECT", 2, "There is one database, 0; buckets are what divides keys here (KV.USE).", CommandFlags.Fast, Select),
        Plain("RESET", 1, "As if it had just connected.", CommandFlags.ChangesSession | CommandFlags.BeforeAuthentication, request =>
        {
            request.Session.Reset();
            return new RespReply.Simple("RESET");
        }),
        new("QUIT", -1, KeyRange.None, CommandFlags.ChangesSession | CommandFlags.BeforeAuthentication, Fidelity.Exact, Fidelity.Exact,
            "Ends the connection.", _ => ValueTask.FromResult(new RespAnswer(RespReply.Ok, CloseAfter: true))),
        Plain("CLIENT", -2, "ID, INFO, LIST, GETNAME, SETNAME, SETINFO, NO-EVICT, NO-TOUCH.", CommandFlags.ChangesSession,
            request => ClientCommand.Execute(door, request)),
        Plain("KV.USE", 2, "The bucket of this connection's keys from now on.", CommandFlags.ChangesSession, request => Use(door, request)),
    ];

    private static RespCommandInfo Plain(
        string name, int arity, string summary, CommandFlags flags, Func<RespRequest, RespReply> execute) =>
        new(name, arity, KeyRange.None, flags, Fidelity.Exact, Fidelity.Exact, summary,
            request => ValueTask.FromResult<RespAnswer>(execute(request)));

    private static RespReply Hello(RespDoor door, RespRequest request)
    {
        var (session, arguments) = (request.Session, request.Arguments);
        var version = session.Version;
        var name = session.Name;
        if (arguments.Count > 0)
        {
            if (!Arguments.TryInteger(arguments[0], out var wanted))
                return new RespReply.Error("ERR", "Protocol version is not an integer or out of range");
            if (wanted is not (2 or 3)) return new RespReply.Error("NOPROTO", "unsupported protocol version");
            version = (RespVersion)wanted;
        }
        var authenticated = session.IsAuthenticated;
        for (var i = 1; i < arguments.Count; i++)
        {
            var word = Arguments.Word(arguments[i]);
            if (word == "AUTH" && i + 2 < arguments.Count)
            {
                if (!door.Admits(Arguments.Text(arguments[i + 1]), arguments[i + 2].Span)) return WrongPassword;
                authenticated = true;
                i += 2;
            }
            else if (word == "SETNAME" && i + 1 < arguments.Count)
            {
                name = Arguments.Text(arguments[++i]);
                if (ClientCommand.RefuseName(name) is { } refused) return refused;
            }
            else return new RespReply.Error("ERR", $"Syntax error in HELLO option '{Arguments.Text(arguments[i])}'");
        }
        if (!authenticated)
        {
            return new RespReply.Error("NOAUTH", "HELLO must be called with the client already authenticated, otherwise the HELLO <proto> "
                + "AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time");
        }
        (session.Version, session.Name, session.IsAuthenticated) = (version, name, true);
        return RespDoor.Greeting(session);
    }

    private static RespReply Authenticate(RespDoor door, RespRequest request)
    {
        var arguments = request.Arguments;
        if (arguments.Count > 2) return Arguments.Syntax;
        if (arguments.Count == 1 && !door.HasPassword)
        {
            return new RespReply.Error("ERR", "AUTH <password> called without any password configured for the default user. "
                + "Are you sure your configuration is correct?");
        }
        var user = arguments.Count == 2 ? Arguments.Text(arguments[0]) : RespDoor.User;
        if (!door.Admits(user, arguments[^1].Span)) return WrongPassword;
        request.Session.IsAuthenticated = true;
        return RespReply.Ok;
    }

    private static RespReply Select(RespRequest request) =>
        !Arguments.TryInteger(request.Arguments[0], out var index) ? Arguments.NotAnInteger
        : index == 0 ? RespReply.Ok
        : new RespReply.Error("ERR", "DB index is out of range");

    private static RespReply Use(RespDoor door, RespRequest request)
    {
        if (!Core.Identity.BucketName.TryCreate(Arguments.Text(request.Arguments[0]), out var name, out var wrong))
            return new RespReply.Error("ERR", $"{wrong} Nothing was changed.");
        if (!door.Spaces.Bucket(name).TryGet(out _, out var problem)) return Arguments.Error(problem);
        request.Session.Bucket = name;
        return RespReply.Ok;
    }
}
