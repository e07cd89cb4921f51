using System.Collections.Immutable;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Settings;

namespace KvStore.Node;

/// <summary>The ring of a fixed member list: its first and only epoch. Every node with the same settings computes the same one.</summary>
public static class StaticRing
{
    /// <param name="settings">The node's.</param>
    /// <param name="buckets">What the cluster begins with; the default bucket, with the settings' numbers, when null.</param>
    public static Ring Of(NodeSettings settings, BucketCatalogue? buckets = null)
    {
        var members = settings.Cluster.Members
            .OrderBy(member => member.Id)
            .Select(member => RingMember.Of(member.Id, $"{member.Host}:{member.Port}", member.Rack))
            .ToImmutableArray();
        var quorum = Quorum.Create(settings.Quorum.N, settings.Quorum.R, settings.Quorum.W, sloppy: settings.Quorum.Sloppy);
        return RingPlanner.Create(
            ClusterOf(members), members, settings.Cluster.Partitions, quorum.N, buckets ?? BucketCatalogue.New(quorum));
    }

    /// <summary>A cluster whose members are configured is named by them: nodes with different lists are of different clusters.</summary>
    private static ClusterId ClusterOf(ImmutableArray<RingMember> members)
    {
        ulong high = 0, low = 0;
        foreach (var member in members)
        {
            var bytes = new byte[2 * NodeId.Size];
            member.Id.Write(bytes);
            BitConverter.TryWriteBytes(bytes.AsSpan(NodeId.Size), low);
            high = StableHash.Of(bytes);
            low = high ^ StableHash.Of(bytes.AsSpan(0, NodeId.Size + sizeof(ulong)));
        }
        return new ClusterId(high, low);
    }
}
