namespace KvStore.Server.Resp.Commands;

/// <summary>COMMAND and its subcommands: what clients and redis-cli ask about the commands.</summary>
internal static class CommandCommand
{
    public static RespReply Execute(RespDoor door, RespRequest request)
    {
        var (table, arguments) = (door.Commands, request.Arguments);
        if (arguments.Count == 0) return new RespReply.Array([.. table.All.Select(Entry)]);
        switch (Arguments.Word(arguments[0]))
        {
            case "COUNT":
                return Arguments.Integer(table.All.Count());
            case "LIST":
                return new RespReply.Array([.. table.All.Select(command => RespReply.OfText(Lower(command)))]);
            case "INFO":
                return new RespReply.Array([.. Named(table, arguments, orNull: true).Select(c => c is null ? RespReply.Null : Entry(c))]);
            case "DOCS":
                return new RespReply.Map([.. Named(table, arguments, orNull: false)
                    .Select(c => KeyValuePair.Create(RespReply.OfText(Lower(c!)), (RespReply)Docs(c!)))]);
            case "GETKEYS":
                return GetKeys(table, [.. arguments.Skip(1)]);
            default:
                return new RespReply.Error("ERR", $"unknown subcommand '{Arguments.Text(arguments[0])}'. Try COMMAND HELP.");
        }
    }

    private static IEnumerable<RespCommandInfo?> Named(RespCommandTable table, IReadOnlyList<ReadOnlyMemory<byte>> arguments, bool orNull) =>
        arguments.Count == 1 ? table.All : arguments.Skip(1).Select(name => table.Find(Arguments.Word(name))).Where(found => orNull || found is not null);

    private static RespReply GetKeys(RespCommandTable table, List<ReadOnlyMemory<byte>> command)
    {
        if (command.Count == 0 || table.Find(Arguments.Word(command[0])) is not { } info)
            return new RespReply.Error("ERR", "Invalid command specified");
        if (!info.Takes(command.Count)) return new RespReply.Error("ERR", "Invalid number of arguments specified for command");
        if (info.Keys.First == 0) return new RespReply.Error("ERR", "The command has no key arguments");
        return new RespReply.Array([.. info.Keys.Of(command[1..]).Select(key => new RespReply.Bulk(key))]);
    }

    private static RespReply Entry(RespCommandInfo command) => new RespReply.Array(
    [
        RespReply.OfText(Lower(command)),
        new RespReply.Integer(command.Arity),
        new RespReply.Array([.. Flags(command).Select(flag => new RespReply.Simple(flag))]),
        new RespReply.Integer(command.Keys.First),
        new RespReply.Integer(command.Keys.Last),
        new RespReply.Integer(command.Keys.Step),
        RespReply.Empty,
        RespReply.Empty,
        RespReply.Empty,
        RespReply.Empty,
    ]);

    private static RespReply.Map Docs(RespCommandInfo command) => new RespReply.Map(
    [
        KeyValuePair.Create(RespReply.OfText("summary"), RespReply.OfText(command.Summary)),
        KeyValuePair.Create(RespReply.OfText("group"), RespReply.OfText(command.Keys.First > 0 ? "string" : "server")),
        KeyValuePair.Create(RespReply.OfText("fidelity"), RespReply.OfText($"{command.InEventual} ({command.InStrong} in strong buckets)")),
    ]);

    private static IEnumerable<string> Flags(RespCommandInfo command)
    {
        if (command.Has(CommandFlags.ReadOnly)) yield return "readonly";
        if (command.Has(CommandFlags.Write)) yield return "write";
        if (command.Has(CommandFlags.Fast)) yield return "fast";
        if (command.Has(CommandFlags.BeforeAuthentication)) yield return "no_auth";
    }

    private static string Lower(RespCommandInfo command) => command.Name.ToLowerInvariant();
}
