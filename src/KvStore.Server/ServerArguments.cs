namespace KvStore.Server;

/// <summary>The command line of a node: --config FILE, and nothing else.</summary>
public sealed record ServerArguments(string ConfigFile)
{
    public const string Usage = "usage: KvStore.Server --config FILE    one node, in the foreground; settings: hocon/reference.conf";

    /// <summary>Null when the arguments are not of that form.</summary>
    public static ServerArguments? Parse(IReadOnlyList<string> args) =>
        args is ["--config", { Length: > 0 } file] ? new ServerArguments(file) : null;
}
