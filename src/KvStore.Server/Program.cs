using System.Security.Cryptography;
using KvStore.Core.Identity;
using KvStore.Data;
using KvStore.Node;
using KvStore.Node.Settings;
using KvStore.Server.Settings;
using KvStore.Storage;

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
            var node = NodeSettings.Read(config).Under(Path.GetDirectoryName(Path.GetFullPath(arguments.ConfigFile))!);
            var doors = DoorSettings.Read(config);
            var startup = new NodeStartup(NodeId.Read(RandomNumberGenerator.GetBytes(NodeId.Size))) { Init = arguments.Init };
            return await NodeHost.Run(config, node, doors, startup);
        }
        catch (Exception problem) when (problem is SettingsException or DataSetException or StorageException
            or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"KvStore.Server: {problem.Message}");
            return 1;
        }
    }
}
