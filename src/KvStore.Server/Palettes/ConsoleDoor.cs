using Akka.Actor;
using Akka.Configuration;
using KvStore.Node;
using KvStore.Server.Settings;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Cluster.Sharding;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Remote;

namespace KvStore.Server.Palettes;

/// <summary>The operators' console of a node: the palettes of the cluster, and the node's own.</summary>
internal static class ConsoleDoor
{
    /// <summary>
    /// The console wants the password that the Redis door wants, if it has none of its own. (A host that knows no passwords is on loopback like
    /// this one, and asks for none.)
    /// </summary>
    public static Config WithPassword(Config settings, DoorSettings doors)
    {
        const string path = "petabridge.cmd.password";
        var given = settings.HasPath(path) ? settings.GetString(path) : "";
        return string.IsNullOrEmpty(given) && doors.Resp.Password.Length > 0
            ? ConfigurationFactory.ParseString($"{path} = {Quoted(doors.Resp.Password)}").WithFallback(settings)
            : settings;
    }

    /// <summary>The palettes of the actor system; before it has peers, so that the console knows of their lines from the first on.</summary>
    public static void Prepare(ActorSystem system)
    {
        var console = PetabridgeCmd.Get(system);
        console.RegisterCommandPalette(ClusterCommands.Instance);
        console.RegisterCommandPalette(ClusterShardingCommands.Instance);
        console.RegisterCommandPalette(RemoteCommands.Instance);
    }

    /// <summary>A port that cannot be had is the console's loss alone, which its host writes into the log.</summary>
    public static void Open(ActorSystem system, KvNode node, Address address)
    {
        var console = PetabridgeCmd.Get(system);
        console.RegisterCommandPalette(new KvPalette(node, address));
        console.Start();
    }

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
