using System.Collections;
using System.Net.Sockets;
using System.Security.Cryptography;
using Akka.Remote;
using KvStore.Core.Identity;
using KvStore.Data;
using KvStore.Node;
using KvStore.Node.Settings;
using KvStore.Server.Security;
using KvStore.Server.Settings;
using KvStore.Storage;
using Microsoft.AspNetCore.Connections;

namespace KvStore.Server;

/// <summary>One node as a process. Exit codes: <see cref="ExitCode"/>.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (ServerArguments.Parse(args) is not { } arguments)
        {
            await Console.Error.WriteLineAsync(ServerArguments.Usage);
            return ExitCode.Usage;
        }
        try
        {
            var configuration = NodeConfiguration.Load(arguments.ConfigFile, Environment(), arguments.Given);
            using var keys = RemotingKeys.AreWanted(configuration.Settings) ? new RemotingKeys() : null;
            if (keys is not null)
            {
                configuration = configuration.With(keys.Settings);
                MachineTrust.Narrow(Path.Combine(FolderOf(arguments.ConfigFile), Authorities(configuration)));
            }
            var reader = configuration.NewReader();
            var (node, doors, process) = (NodeSettings.Read(reader), DoorSettings.Read(reader), ProcessSettings.Read(reader));
            var tls = TlsSettings.Read(reader, FolderOf(arguments.ConfigFile));
            reader.ThrowIfAny();
            if (process.RunsAsBatch && BatchScheduling.Begin() is { } why)
                await Console.Error.WriteLineAsync($"KvStore.Server: kv-store.process.scheduling = batch is not in effect ({why}); all else is as usual.");
            node = node.Under(FolderOf(arguments.ConfigFile));
            var startup = new NodeStartup(NodeId.Read(RandomNumberGenerator.GetBytes(NodeId.Size))) { Init = arguments.Init };
            if (arguments.Recover) return await RecoverMode.Run(configuration, node, startup, arguments);
            if (tls is not null) keys?.Write(tls);
            return await NodeHost.Run(configuration, node, doors, tls, startup, created: () => keys?.Dispose());
        }
        catch (Exception problem) when (CodeOf(problem) is not null)
        {
            await Console.Error.WriteLineAsync($"KvStore.Server: {problem.Message}");
            return CodeOf(problem)!.Value;
        }
    }

    private static int? CodeOf(Exception problem) => problem switch
    {
        SettingsException => ExitCode.Settings,
        NodeStoppedException stopped => stopped.IsExcluded ? ExitCode.Stopped : ExitCode.HadToStop,
        RemoteTransportException or SocketException or IOException { InnerException: AddressInUseException or SocketException } => ExitCode.Ports,
        DataSetException or StorageException or UnauthorizedAccessException or IOException => ExitCode.Data,
        _ => null,
    };

    private static string Authorities(NodeConfiguration configuration) =>
        new SettingsReader(configuration.Settings).OfTheRuntime("kv-store.tls.ca") ?? "";

    /// <summary>What relative names of files are relative to.</summary>
    private static string FolderOf(string? file) =>
        file is null ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(file))!;

    private static IEnumerable<KeyValuePair<string, string>> Environment() =>
        from DictionaryEntry variable in System.Environment.GetEnvironmentVariables()
        select KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? "");
}
