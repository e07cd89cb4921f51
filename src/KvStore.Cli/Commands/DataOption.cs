using System.CommandLine;

namespace KvStore.Cli.Commands;

/// <summary>--data DIR, the same for every verb about the local cluster.</summary>
internal static class DataOption
{
    public static Option<string?> Create() =>
        new("--data") { Description = "where the cluster's files are (default: .kv in the repository, or here)" };
}
