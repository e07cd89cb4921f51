using KvStore.Core.Identity;

namespace KvStore.Core.Tests.Simulation;

/// <summary>The first phase's misfortunes, strewn over its time.</summary>
internal static class SimFaults
{
    public static void Schedule(SimWorld world, TimeSpan phase)
    {
        var (random, options) = (world.Random, world.Options);
        void Strew(int times, Action action)
        {
            for (var i = 0; i < times; i++)
                world.After(phase * random.NextDouble(), action);
        }

        if (options.Crashes)
            Strew(random.Next(1, 6), () => Crash(world));
        if (options.Partitions)
            Strew(random.Next(1, 4), () => Cut(world));
        if (options.Moves)
            Strew(random.Next(1, 4), world.Ring.BeginMove);
        if (options.Damage)
            Strew(2, () => Damage(world));
        if (options.Wipes)
            Strew(2, () => Wipe(world));
        Strew(20, () => Pick(world).Exchange());
        Strew(20, () => Pick(world).Reap());
        Strew(40, () => Pick(world).DeliverHints());
    }

    private static SimNode Pick(SimWorld world) => world.Nodes[world.Random.Next(world.Nodes.Length)];

    private static void Crash(SimWorld world)
    {
        var node = Pick(world);
        if (!node.IsUp || world.Healed)
            return;
        node.Stop(clean: world.Random.Next(4) == 0);
        world.After(world.Milliseconds(100, 15_000), () =>
        {
            if (!node.IsUp)
                node.Start(isNew: false);
        });
    }

    private static void Cut(SimWorld world)
    {
        if (world.Healed)
            return;
        var side = world.Ring.Members.Where(_ => world.Random.Next(2) == 0).ToArray();
        world.Cut(world.Random.Next(2) == 0 ? [Pick(world).Id] : side, oneWay: world.Random.Next(3) == 0);
        world.After(world.Milliseconds(1_000, 20_000), world.Uncut);
    }

    /// <summary>Damages one owner's copy of a key.</summary>
    private static void Damage(SimWorld world)
    {
        var victim = PickOwner(world);
        var key = world.Keys.ElementAt(world.Random.Next(world.Options.Keys));
        if (MayLose(world, victim, [key]) && !victim.Disk.Durable(key).IsEmpty)
            victim.Disk.Damaged.Add(key);
    }

    private static void Wipe(SimWorld world)
    {
        var victim = PickOwner(world);
        if (MayLose(world, victim, world.Keys))
            victim.Wipe();
    }

    private static SimNode PickOwner(SimWorld world) => world.Node(world.Ring.List.Primaries[world.Random.Next(3)]);

    /// <summary>
    /// Never the last good copy: some other owner holds at least as much of each of these keys on its disk, every owner is up and
    /// whole, and nothing moves.
    /// </summary>
    private static bool MayLose(SimWorld world, SimNode victim, IEnumerable<BucketKey> keys)
    {
        var owners = world.Ring.List.Primaries.Select(world.Node).ToArray();
        return !world.Ring.IsMoving && !world.Healed && victim.Disk.IsSynced
            && owners.All(node => node.IsUp && node.Replica!.Meta.IsWhole && node.Disk.Damaged.Count == 0)
            && keys.All(key => owners.Any(node => node != victim && node.Disk.Durable(key).Dominates(victim.Disk.Durable(key))));
    }
}
