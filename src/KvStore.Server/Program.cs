using KvStore.Node.Settings;
using KvStore.Server.Settings;

namespace KvStore.Server;

/// <summary>One node as a process. Exit codes: 0 stopped as asked, 1 could not start or had to stop, 2 wrong usage.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (ServerArguments.Parse(args) is not { } arguments)
        {
            await Console.Error.WriteLineAsync(ServerArguments.Usage);
            return 2;
        }
        try
        {
            var config = ConfigurationFiles.Load(arguments.ConfigFile);
            var node = NodeSettings.Read(config);
            var doors = DoorSettings.Read(config);
            var start = StartNumberFile.Next(Path.GetDirectoryName(Path.GetFullPath(arguments.ConfigFile))!, node.Id);
            return await NodeHost.Run(config, node, doors, start);
        }
        catch (Exception problem) when (problem is SettingsException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"KvStore.Server: {problem.Message}");
            return 1;
        }
    }
}
