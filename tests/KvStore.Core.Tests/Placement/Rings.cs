using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.Placement;

/// <summary>Small builders of members and rings.</summary>
internal static class Rings
{
    public static readonly ClusterId Cluster = new(0xC1, 1);

    public static NodeId Node(int number) => new(StableHash.Of(BitConverter.GetBytes(number)), (ulong)number);

    public static RingMember Member(int number, int weight = RingMember.DefaultWeight, string rack = "") =>
        new(Node(number), $"node-{number}:4053", rack, weight, RingMemberStatus.Valid);

    public static IEnumerable<RingMember> Members(int count, int racks = 0) =>
        Enumerable.Range(1, count).Select(number => Member(number, rack: racks == 0 ? "" : $"r{number % racks}"));

    public static Ring Of(int count, int partitions = Ring.DefaultPartitions, int replicas = 3, int racks = 0) =>
        RingPlanner.Create(Cluster, Members(count, racks), partitions, replicas);
}
