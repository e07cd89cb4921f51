using KvStore.Core.Placement;

namespace KvStore.Core.Tests.Placement;

/// <summary>A generated ring and generated changes to it, all from one seed.</summary>
public sealed record PlannerCase(int Nodes, int Partitions, int Racks, bool Weighted, int Seed)
{
    public Ring FirstRing() =>
        RingPlanner.Create(Rings.Cluster, Enumerable.Range(1, Nodes).Select(NewMember), Partitions);

    public IReadOnlyList<RingChange> ChangesFor(Ring ring, int round)
    {
        var random = new Random(Seed + round);
        var newcomer = NewMember(1000 + round);
        var present = ring.Members[random.Next(ring.Members.Length)].Id;
        var alone = ring.Members.Length == 1;
        return (alone ? 0 : random.Next(6)) switch
        {
            0 => [new RingChange.Join(newcomer)],
            1 => [new RingChange.Leave(present)],
            2 => [new RingChange.Remove(present)],
            3 => [new RingChange.Replace(present, newcomer)],
            4 => [new RingChange.Join(newcomer), new RingChange.Leave(present)],
            _ => [new RingChange.Join(newcomer), new RingChange.Join(NewMember(2000 + round))],
        };
    }

    private RingMember NewMember(int number)
    {
        var random = new Random(Seed ^ (number * 7919));
        return Rings.Member(number, Weighted ? random.Next(20, 400) : 100, Racks == 0 ? "" : $"r{random.Next(Racks)}");
    }
}
