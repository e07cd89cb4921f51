using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.Placement;

/// <summary>One plan, checked against the laws and then carried out phase by phase.</summary>
internal sealed class PlannerStep(RingPlan plan)
{
    public void CheckOwners()
    {
        var staying = plan.Next.Members.Where(member => member.Stays).ToList();
        double total = staying.Sum(member => member.Weight);
        var before = Counts(plan.Base.Owners);
        var after = Counts(plan.Next.NextOwners);
        var replaceOnly = plan.Changes.All(change => change is RingChange.Replace);
        var fewest = 0;
        foreach (var member in staying)
        {
            var share = plan.Base.PartitionCount * member.Weight / total;
            var owns = after.GetValueOrDefault(member.Id);
            Assert.True(replaceOnly || Math.Abs(owns - share) < 1, $"{member.Id.Short()} owns {owns} of a share of {share}");
            fewest += Math.Max(0, (int)Math.Floor(share) - before.GetValueOrDefault(member.Id));
        }

        Assert.True(replaceOnly || plan.OwnersChanged <= fewest + staying.Count, "moves exceed the minimum by more than rounding");
        CheckNobodyGainsAndLoses();
    }

    public void CheckEpochs()
    {
        foreach (var ring in Epochs())
        {
            foreach (var list in ring.Partitions.Select(partition => ring.PreferenceList(partition, ring.Replicas)))
            {
                CheckDistinct(ring, list.OldPrimaries);
                CheckDistinct(ring, list.NewPrimaries);
                var old = plan.Base.PreferenceList(list.Partition, ring.Replicas).Primaries;
                if (ring.IsChanging && ring.PhaseOf(list.Partition) <= MovePhase.WriteBothReadOld)
                    Assert.Equal(old.ToHashSet(), list.Primaries.ToHashSet());
            }
        }
    }

    public void CheckDeterministic()
    {
        Assert.Null(RingPlanner.Plan(plan.Base, [.. plan.Changes], null, out var again));
        Assert.Equal(plan.Next.NextOwners.AsEnumerable(), again!.Next.NextOwners.AsEnumerable());
        Assert.Equal(plan.Moves.Select(move => move.Partition), again.Moves.Select(move => move.Partition));
    }

    public Ring Finish() => Epochs().Last();

    private IEnumerable<Ring> Epochs()
    {
        var ring = plan.Next;
        yield return ring;
        foreach (var phase in new[] { MovePhase.WriteBothReadOld, MovePhase.WriteBothReadNew, MovePhase.Done })
        {
            foreach (var half in plan.Moves.Select(move => move.Partition).Chunk(plan.Moves.Length / 2 + 1))
                yield return ring = RingSteps.Advance(ring, half.ToDictionary(partition => partition, _ => phase));
        }

        yield return RingSteps.Settle(ring);
    }

    private void CheckNobodyGainsAndLoses()
    {
        var changed = plan.Base.Owners.Zip(plan.Next.NextOwners).Where(pair => pair.First != pair.Second).ToList();
        Assert.Empty(changed.Select(pair => pair.First).Intersect(changed.Select(pair => pair.Second)));
    }

    private static void CheckDistinct(Ring ring, IReadOnlyCollection<NodeId> primaries)
    {
        var nodes = Math.Min(ring.Owners.Distinct().Count(), ring.NextOwners.Distinct().Count());
        Assert.Equal(primaries.Count, primaries.Distinct().Count());
        Assert.True(primaries.Count >= Math.Min(ring.Replicas, nodes));
    }

    private static Dictionary<NodeId, int> Counts(IEnumerable<NodeId> owners) =>
        owners.GroupBy(owner => owner).ToDictionary(group => group.Key, group => group.Count());
}
