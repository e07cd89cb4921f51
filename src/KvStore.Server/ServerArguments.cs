namespace KvStore.Server;

/// <summary>The command line of a node.</summary>
/// <param name="ConfigFile">Its HOCON file; null when everything is given otherwise.</param>
/// <param name="Init">The cluster is new: an empty data directory is all there is to hold.</param>
/// <param name="Given">PATH=VALUE, each; they win over the file and the environment.</param>
public sealed record ServerArguments(string? ConfigFile, bool Init, IReadOnlyList<string> Given)
{
    public const string Usage = """
        usage: KvStore.Server [--config FILE] [--set PATH=VALUE]... [--init]    one node, in the foreground
          --config FILE      its settings; hocon/reference.conf lists them all
          --set PATH=VALUE   one setting, before the file and the environment: --set kv-store.quorum.r=1
          --init             this is the first start of a new cluster's node: its empty data directory is whole
        """;

    /// <summary>Null when the arguments are not of that form.</summary>
    public static ServerArguments? Parse(IReadOnlyList<string> args)
    {
        var (file, init, given) = ((string?)null, false, new List<string>());
        for (var i = 0; i < args.Count; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : "";
            switch (args[i])
            {
                case "--init" when !init:
                    init = true;
                    break;
                case "--config" when file is null && value.Length > 0:
                    file = value;
                    i++;
                    break;
                case "--set" when value.Length > 0:
                    given.Add(value);
                    i++;
                    break;
                default:
                    return null;
            }
        }
        return new ServerArguments(file, init, given);
    }
}
