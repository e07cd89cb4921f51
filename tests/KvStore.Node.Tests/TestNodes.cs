using Akka.Actor;
using Akka.Configuration;
using KvStore.Core.Buckets;
using KvStore.Core.Identity;
using KvStore.Node.Settings;
using KvStore.Storage.Vfs;

namespace KvStore.Node.Tests;

/// <summary>Nodes for tests: real actors and a real engine, small, with their files in memory.</summary>
internal static class TestNodes
{
    /// <summary>A cluster of one, which keeps one copy.</summary>
    public const string Alone = """
        kv-store.node.id = "6f1d3c5a8e7b4290a1c3e5f708192a3b"
        kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
        kv-store.quorum { n = 1, r = 1, w = 1 }
        """;

    private static readonly Config Small = ConfigurationFactory.ParseString("""
        kv-store.cluster.partitions = 64
        kv-store.storage { directory = "/data", memtable-bytes = 1 MiB, cache-bytes = 4 MiB, reserve-bytes = 0 b }
        akka.actor.provider = local
        """);

    /// <summary>A node's whole configuration: what the test says, over small storage and no network, over every default.</summary>
    public static Config ConfigOf(string text) =>
        ConfigurationFactory.ParseString(text).WithFallback(Small).WithFallback(ConfigurationFiles.Reference);

    /// <summary>A node of a system that was made with <see cref="ConfigOf"/>.</summary>
    /// <param name="system">Where its actors run.</param>
    /// <param name="init">The cluster is new.</param>
    /// <param name="files">Its disk; null for a new and empty one.</param>
    /// <param name="buckets">The buckets of the new cluster; null for the default one.</param>
    public static Task<KvNode> Start(
        ActorSystem system, bool init = true, IFileSystem? files = null, BucketCatalogue? buckets = null) =>
        KvNode.Start(system, NodeSettings.Read(system.Settings.Config),
            new NodeStartup(NodeId.None) { Init = init, FileSystem = files ?? new MemoryFileSystem(), Buckets = buckets });
}
