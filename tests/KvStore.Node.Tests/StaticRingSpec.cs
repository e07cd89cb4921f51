using Akka.Configuration;
using KvStore.Core.Identity;
using KvStore.Node.Settings;

namespace KvStore.Node.Tests;

public sealed class StaticRingSpec
{
    private static readonly string[] Members =
        ["6f1d3c5a8e7b4290a1c3e5f708192a3b@h:1", "9a4be07d15c84f3eb26d7f809142c5d1@h:2", "d3870c4f6ba1495c8e02f1a7936b5d48@h:3"];

    [Fact]
    public void Every_node_computes_the_same_ring_whatever_the_order_of_its_list()
    {
        var ring = StaticRing.Of(Settings(Members));
        var same = StaticRing.Of(Settings([.. Members.Reverse()]));
        Assert.Equal(ring.Cluster, same.Cluster);
        Assert.Equal(ring.Owners.AsEnumerable(), same.Owners);
    }

    [Fact]
    public void Nodes_with_different_lists_are_of_different_clusters() =>
        Assert.NotEqual(StaticRing.Of(Settings(Members)).Cluster, StaticRing.Of(Settings(Members[..2])).Cluster);

    [Fact]
    public void Every_key_has_as_many_distinct_primaries_as_there_are_nodes_up_to_N()
    {
        var ring = StaticRing.Of(Settings(Members));
        foreach (var partition in ring.Partitions)
            Assert.Equal(3, ring.PreferenceList(partition, 3).Primaries.Distinct().Count());
    }

    private static NodeSettings Settings(string[] members) => NodeSettings.Read(ConfigurationFactory.ParseString(
        $"kv-store.node.id = \"{members[0][..32]}\"\nkv-store.cluster.members = [{string.Join(", ", members.Select(m => $"\"{m}\""))}]")
        .WithFallback(ConfigurationFiles.Reference));
}
