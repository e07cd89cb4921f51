using KvStore.Core.Membership;
using KvStore.Core.Tests.Membership;

namespace KvStore.Benchmarks.Core;

/// <summary>
/// Gossip of 10, 100 and 1,000 simulated nodes that beat once a second, with one message in a hundred lost: how long until everybody
/// knows everybody, how long until everybody suspects a node that died, and how often the living are suspected.
/// </summary>
internal static class GossipTiming
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    public static IEnumerable<CoreFigure> Measure(int most)
    {
        foreach (var nodes in new[] { 10, 100, 1_000 }.Where(count => count <= most))
            yield return Measure(nodes, seed: 1, loss: 0.01);
    }

    private static CoreFigure Measure(int nodes, int seed, double loss)
    {
        var world = new GossipWorld(nodes, seed, loss);
        var known = RunUntil(world, () => world.Tables.Values.All(table => table.Heartbeats.Count() == nodes));
        var suspicions = 0;
        for (var second = 0; second < 20; second++)
        {
            world.RunUntil(world.Now + TimeSpan.FromSeconds(1));
            suspicions = Math.Max(suspicions, world.FalseSuspicions());
        }

        var traffic = world.Traffic;
        var victim = world.Nodes.First();
        var died = world.Now;
        world.Kill(victim);
        RunUntil(world, () => world.Suspecting(victim) > 0);
        var first = world.Now - died;
        RunUntil(world, () => world.Suspecting(victim) == nodes - 1);
        var all = world.Now - died;
        var seconds = died.TotalSeconds;
        return new CoreFigure(
            $"gossip, {nodes} nodes",
            ("roundsUntilAllKnow", Math.Ceiling(known / new GossipOptions().Interval)),
            ("secondsUntilAllKnow", known.TotalSeconds),
            ("secondsUntilOneSuspects", first.TotalSeconds),
            ("secondsUntilAllSuspect", all.TotalSeconds),
            ("falseSuspicionsAtOnce", suspicions),
            ("messagesPerNodeAndSecond", traffic.Messages / seconds / nodes),
            ("heartbeatsPerNodeAndSecond", traffic.Heartbeats / seconds / nodes),
            ("digestsPerNodeAndSecond", traffic.Digests / seconds / nodes));
    }

    private static TimeSpan RunUntil(GossipWorld world, Func<bool> isDone)
    {
        for (var step = 0; step < 400 && !isDone(); step++)
            world.RunUntil(world.Now + Step);
        return world.Now;
    }
}
