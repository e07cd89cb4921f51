using KvStore.Core;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using Troupe.Simulation;

namespace KvStore.Simulator.Scenarios;

/// <summary>
/// What happens to a cluster while clients use it. The faults end before the run does: then everything must be well again.
/// </summary>
/// <param name="Name">As <c>--scenario</c> takes it.</param>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Faults">Injects faults for as long as the clients are at work, and undoes them.</param>
public sealed record Scenario(string Name, string Description, int Nodes, Func<World, SimulatedCluster, Task> Faults)
{
    /// <summary>Whether stand-ins count. Then what is read before all is healed promises little, and only what is read after it is checked.</summary>
    public bool IsSloppy { get; init; }

    /// <summary>Whether all is well in the end: a node that forgot who it was is not, until it is replaced.</summary>
    public bool Heals { get; init; } = true;

    /// <summary>Whether clients delete what they have read, too.</summary>
    public bool HasDeletes { get; init; }

    /// <summary>Whether clients use strong keys, too.</summary>
    public bool HasStrongKeys { get; init; }

    /// <summary>The buckets that the cluster begins with; null for the default one.</summary>
    public BucketCatalogue? Buckets => HasStrongKeys ? WithStrong() : null;

    /// <summary>What its nodes are set to beside what all simulated nodes are.</summary>
    public string Settings =>
        (IsSloppy ? "kv-store.quorum.sloppy = on\n" : "")
        + (HasDeletes ? "kv-store.anti-entropy { interval = 8s, reap-interval = 6s }\n" : "");

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("calm", "nothing fails", 3, (_, _) => Task.CompletedTask),
        new("partition", "one node after the other is cut off from the rest, and comes back", 3, Partitions),
        new("crash", "one node or another is killed or loses its power, and is started again on its disk", 3, Crashes),
        new("outage", "all nodes are killed or lose their power at once, and are started again", 3, Outages),
        new("loss", "one node loses its disk and is started again as if the cluster were new, several times: the others turn it away", 3, Losses)
            { HasStrongKeys = true, Heals = false },
        new("emptied", "one node is killed and has lost its partitions when it starts again, several times", 3, Emptyings),
        new("restart", "nodes are stopped in order, one after the other, and started again", 3, Restarts),
        new("change", "a node joins, one of the first leaves", 3, (_, cluster) => Changes(cluster)) { Heals = false },
        new("crashing-change", "a node joins while others are killed and started again", 3, CrashingChanges) { Heals = false },
        new("strong", "strong keys are changed while nodes crash and are cut off", 3, CrashesAndPartitions) { HasStrongKeys = true },
        new("strong-change", "strong keys are changed while a node joins, others crash, and one leaves", 3, StrongChanges)
            { HasStrongKeys = true, Heals = false },
        new("strong-split", "strong keys are changed while five nodes fall into two parts, again and again", 5, Splits) { HasStrongKeys = true },
        new("pause", "nodes stand still for a while, and go on", 3, Pauses),
        new("split", "five nodes fall into two parts, both of which go on, again and again", 5, Splits) { IsSloppy = true, HasDeletes = true },
        new("split-strict", "the same, and only a key's primaries count: one part goes on, if any", 5, Splits) { HasDeletes = true },
        new("away", "five nodes, one or two of which are away for a while; others keep what they miss", 5, Absences) { IsSloppy = true },
        new("deletes", "keys are deleted and forgotten while nodes crash and are cut off", 3, CrashesAndPartitions) { HasDeletes = true },
    ];

    public static Scenario? Named(string name) => All.FirstOrDefault(scenario => scenario.Name == name);

    private static async Task Partitions(World world, SimulatedCluster cluster)
    {
        for (var round = 0; round < 4; round++)
        {
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)));
            cluster.Isolate(world.Random.Next(cluster.Count));
            await world.Delay(world.Random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8)));
            cluster.HealAll();
        }
    }

    /// <summary>Any node, as often as comes: what is on disk is not lost.</summary>
    private static async Task Crashes(World world, SimulatedCluster cluster)
    {
        for (var round = 0; round < 4; round++)
        {
            var victim = world.Random.Next(cluster.Count);
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)));
            cluster.Crash(victim, DrawKind(world));
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5)));
            await cluster.Start(victim);
        }
    }

    private static async Task Outages(World world, SimulatedCluster cluster)
    {
        for (var round = 0; round < 2; round++)
        {
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(3)));
            for (var node = 0; node < cluster.Count; node++) cluster.Crash(node, DrawKind(world));
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)));
            for (var node = 0; node < cluster.Count; node++) await cluster.Start(node);
        }
    }

    /// <summary>
    /// Always the same node: what is acknowledged survives the disks of N - W nodes, and no more is promised. By itself it does not start; its
    /// operator then tells it to, again and again. Another has missed what the node acknowledged last, with the third.
    /// </summary>
    private static async Task Losses(World world, SimulatedCluster cluster)
    {
        var victim = world.Random.Next(cluster.Count);
        await world.Delay(world.Random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)));
        cluster.Isolate((victim + 1) % cluster.Count);
        await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(3)));
        cluster.Crash(victim, DrawKind(world));
        cluster.Wipe(victim);
        cluster.HealAll();
        for (var start = 0; start < 5; start++)
        {
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1)));
            await cluster.TryStart(victim, init: start > 0);
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(3)));
            cluster.Crash(victim, DrawKind(world));
        }
        cluster.Wipe(victim);
        await cluster.TryStart(victim, init: true);
    }

    /// <summary>Always the same node, as before.</summary>
    private static async Task Emptyings(World world, SimulatedCluster cluster)
    {
        var victim = world.Random.Next(cluster.Count);
        for (var round = 0; round < 3; round++)
        {
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)));
            cluster.Crash(victim, DrawKind(world));
            cluster.Empty(victim);
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5)));
            await cluster.Start(victim);
        }
    }

    private static async Task Restarts(World world, SimulatedCluster cluster)
    {
        for (var round = 0; round < 4; round++)
        {
            var node = world.Random.Next(cluster.Count);
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)));
            await cluster.Stop(node);
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(3)));
            await cluster.Start(node);
        }
    }

    private static async Task Changes(SimulatedCluster cluster)
    {
        cluster.Add();
        await cluster.CommitStaged(0, ring => ring.Members.Length == 4);
        await cluster.Settled();
        await cluster.StageLeave(via: 0, leaver: 2);
        await cluster.CommitStaged(0, ring => ring.IsChanging || ring.Members.Length == 3);
        await cluster.Settled();
    }

    private static async Task CrashingChanges(World world, SimulatedCluster cluster)
    {
        cluster.Add();
        await cluster.CommitStaged(0, ring => ring.Members.Length == 4);
        for (var round = 0; round < 3; round++)
        {
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)));
            var victim = world.Random.Next(cluster.Count);
            if (cluster.Ring(victim) is null) continue;
            cluster.Crash(victim, DrawKind(world));
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(4)));
            await cluster.Start(victim);
        }
        await cluster.Settled();
    }

    private static async Task StrongChanges(World world, SimulatedCluster cluster)
    {
        await CrashingChanges(world, cluster);
        await cluster.StageLeave(via: 0, leaver: 2);
        await cluster.CommitStaged(0, ring => ring.IsChanging || ring.Members.Length == 3);
        await cluster.Settled();
    }

    private static BucketCatalogue WithStrong()
    {
        var create = new BucketChange.Create(RegisterClients.Bucket, BucketPolicy.Strong, Quorum.OfMajorities(3, sloppy: false));
        Invariant.Check(BucketCatalogue.New(Quorum.Create(3, 2, 2, sloppy: false)).Apply(create, RingEpoch.First, replicas: 3, out var buckets) is null);
        return buckets!;
    }

    /// <summary>Two nodes here, three there: each part has stand-ins enough for a quorum of any key.</summary>
    private static async Task Splits(World world, SimulatedCluster cluster)
    {
        for (var round = 0; round < 3; round++)
        {
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)));
            var first = world.Random.Next(cluster.Count);
            cluster.Split([first, (first + 1 + world.Random.Next(cluster.Count - 1)) % cluster.Count]);
            await world.Delay(world.Random.Between(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10)));
            cluster.HealAll();
        }
    }

    private static async Task Absences(World world, SimulatedCluster cluster)
    {
        for (var round = 0; round < 3; round++)
        {
            var (first, second) = (world.Random.Next(cluster.Count), world.Random.Next(cluster.Count));
            cluster.Crash(first, DrawKind(world));
            if (second != first) cluster.Isolate(second);
            await world.Delay(world.Random.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8)));
            cluster.HealAll();
            await cluster.Start(first);
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(3)));
        }
    }

    private static async Task CrashesAndPartitions(World world, SimulatedCluster cluster)
    {
        await Crashes(world, cluster);
        await Partitions(world, cluster);
    }

    private static CrashKind DrawKind(World world) => world.Random.Chance(0.5) ? CrashKind.Reset : CrashKind.Silent;

    private static async Task Pauses(World world, SimulatedCluster cluster)
    {
        for (var round = 0; round < 4; round++)
        {
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)));
            var node = cluster.Machine(world.Random.Next(cluster.Count));
            node.Pause();
            await world.Delay(world.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(6)));
            node.Resume();
        }
    }
}
