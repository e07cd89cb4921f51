using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Client.Tests;

/// <summary>Small rings, and keys in them.</summary>
internal static class Rings
{
    public static readonly ClusterId Cluster = new(0xC1, 1);

    public static readonly BucketKey SomeKey = new(BucketName.Default, Key.Of("k"));

    public static NodeId Node(int number) => new(1, (ulong)number);

    /// <summary>Nodes 1 to <paramref name="count"/>, at these addresses or at none that exist.</summary>
    public static Ring Of(int count, params string[] addresses) => RingPlanner.Create(
        Cluster,
        [.. Enumerable.Range(1, count).Select(number => RingMember.Of(
            Node(number), addresses.Length > 0 ? addresses[number - 1] : $"10.0.0.{number}:4053"))],
        64, Math.Min(3, count));

    /// <summary>The same ring, agreed later.</summary>
    public static Ring Later(Ring ring) =>
        new(ring.Cluster, ring.Epoch.Next(), ring.Replicas, ring.Members, ring.Owners, buckets: ring.Buckets);
}
