namespace KvStore.Server;

/// <summary>The command line of a node: --config FILE [--init], and nothing else.</summary>
/// <param name="Init">The cluster is new: an empty data directory is all there is to hold.</param>
public sealed record ServerArguments(string ConfigFile, bool Init)
{
    public const string Usage = """
        usage: KvStore.Server --config FILE [--init]    one node, in the foreground; settings: hocon/reference.conf
          --init    this is the first start of a new cluster's node: its empty data directory is whole
        """;

    /// <summary>Null when the arguments are not of that form.</summary>
    public static ServerArguments? Parse(IReadOnlyList<string> args) => args switch
    {
        ["--config", { Length: > 0 } file] => new ServerArguments(file, Init: false),
        ["--config", { Length: > 0 } file, "--init"] => new ServerArguments(file, Init: true),
        _ => null,
    };
}
