namespace KvStore.Cli.LocalCluster;

/// <summary>Where the node's executable is: beside the CLI when published, in its own output folder in a checkout.</summary>
internal static class ServerProgram
{
    private const string Name = "KvStore.Server";

    public static string Path { get; } = Find();

    private static string Find()
    {
        var here = AppContext.BaseDirectory.TrimEnd('/');
        var configuration = System.IO.Path.GetFileName(here);
        string[] candidates =
        [
            System.IO.Path.Combine(here, $"{Name}.dll"),
            System.IO.Path.GetFullPath(System.IO.Path.Combine(here, "..", "..", Name, configuration, $"{Name}.dll")),
        ];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new CliException(ExitCode.Failed,
                $"{Name}.dll is neither at {string.Join(" nor at ", candidates)}; nothing was started. ./kv builds it.");
    }
}
