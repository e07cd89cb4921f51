using Akka.Actor;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Node.AntiEntropy;
using KvStore.Node.Hints;
using KvStore.Wire;
using Troupe.Simulation;

namespace KvStore.Simulator;

/// <summary>
/// What must hold once nothing fails any more: every owner is whole, all owners of a key hold the same, no hint waits, and comparing the
/// replicas finds nothing.
/// </summary>
public static class Convergence
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>A pair that differed is compared again long after that by itself.</summary>
    private static readonly TimeSpan CompareAgain = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<string>> Check(World world, SimulatedCluster cluster, IEnumerable<BucketKey> keys)
    {
        var violations = new List<string>();
        for (var node = 0; node < cluster.Count; node++) cluster.Node(node)!.AntiEntropy.Tell(AntiEntropyActor.Repair.Instance);
        for (var node = 0; node < cluster.Count; node++)
            if (await Settled(world, cluster, node) is { } unsettled) violations.Add(unsettled);
        foreach (var key in keys) violations.AddRange(await Alike(world, cluster, key));
        return violations;
    }

    /// <summary>
    /// A deleted key is forgotten by one owner after the other, long after all else has come to rest: for that moment they may differ, and
    /// no longer.
    /// </summary>
    private static async Task<IReadOnlyList<string>> Alike(World world, SimulatedCluster cluster, BucketKey key)
    {
        var until = world.Now + Patience;
        while (true)
        {
            var violations = await Copies(cluster, key);
            if (violations.Count == 0 || world.Now >= until) return violations;
            await world.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task<string?> Settled(World world, SimulatedCluster cluster, int node)
    {
        var (until, again) = (world.Now + Patience, world.Now + CompareAgain);
        while (true)
        {
            if (world.Now >= again)
            {
                cluster.Node(node)!.AntiEntropy.Tell(AntiEntropyActor.Repair.Instance);
                again = world.Now + CompareAgain;
            }
            var hints = await cluster.Node(node)!.Hints.Ask<HintStatus>(HintActor.GetStatus.Instance, Timeout.InfiniteTimeSpan);
            var trees = await cluster.Node(node)!.AntiEntropy.Ask<AntiEntropyStatus>(
                AntiEntropyActor.GetStatus.Instance, Timeout.InfiniteTimeSpan);
            if (hints.Hints == 0 && trees.Equal == trees.Pairs) return null;
            if (world.Now >= until) return $"not converged: node {node} keeps {hints.Hints} hints, and {trees}";
            await world.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task<IReadOnlyList<string>> Copies(SimulatedCluster cluster, BucketKey key)
    {
        var violations = new List<string>();
        var ring = cluster.Node(0)!.Ring;
        var list = ring.PreferenceList(key, 3);
        var copies = new List<ReadAnswer>();
        for (var node = 0; node < cluster.Count; node++)
        {
            if (!list.IsPrimary(cluster.Node(node)!.Settings.Id)) continue;
            var answer = await cluster.Replicas(node).Ask<IWireMessage>(
                new ReplicaProtocol.ReadReplica(ring.Epoch, list.Partition, key, Budget), Timeout.InfiniteTimeSpan);
            if (answer is ReplicaProtocol.ReplicaRead { Answer: { Kind: AnswerKind.Found or AnswerKind.NotFound, Provisional: false } copy }) copies.Add(copy);
            else violations.Add($"not whole: node {node} says {answer} of {key}");
        }
        if (copies.Exists(copy => !copy.Set.StateEquals(copies[0].Set)))
            violations.Add($"copies of {key} differ: {string.Join(" | ", copies.Select(copy => copy.Set))}");
        return violations;
    }
}
