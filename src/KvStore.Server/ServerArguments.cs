namespace KvStore.Server;

/// <summary>The command line of a node.</summary>
/// <param name="ConfigFile">Its HOCON file; null when everything is given otherwise.</param>
/// <param name="Init">The cluster is new: an empty data directory is all there is to hold.</param>
/// <param name="Given">PATH=VALUE, each; they win over the file and the environment.</param>
public sealed record ServerArguments(string? ConfigFile, bool Init, IReadOnlyList<string> Given)
{
    /// <summary>Not a start: what the stopped node knows of its ring, and what would become of it without some.</summary>
    public bool Recover { get; init; }

    /// <summary>The ids of nodes that are lost for good.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>Whether somebody has said yes to going on without them.</summary>
    public bool IsConfirmed { get; init; }

    public const string Usage = """
        usage: KvStore.Server [--config FILE] [--set PATH=VALUE]... [--init]    one node, in the foreground
          --config FILE      its settings; hocon/reference.conf lists them all
          --set PATH=VALUE   one setting, before the file and the environment: --set kv-store.quorum.r=1
          --init             this is the first start of a new cluster's node: its empty data directory is whole
          --recover [--lost ID]... [--confirmed]    no start: a ring whose majority is lost; kv recover asks first
        """;

    /// <summary>Null when the arguments are not of that form.</summary>
    public static ServerArguments? Parse(IReadOnlyList<string> args)
    {
        var (file, init, given, lost) = ((string?)null, false, new List<string>(), new List<string>());
        var (recover, confirmed) = (false, false);
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
                case "--recover" when !recover:
                    recover = true;
                    break;
                case "--lost" when value.Length > 0:
                    lost.Add(value);
                    i++;
                    break;
                case "--confirmed" when !confirmed:
                    confirmed = true;
                    break;
                default:
                    return null;
            }
        }
        if ((lost.Count > 0 || confirmed) && !recover) return null;
        return new ServerArguments(file, init, given) { Recover = recover, Lost = lost, IsConfirmed = confirmed };
    }
}
