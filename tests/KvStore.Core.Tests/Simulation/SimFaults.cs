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
        Strew(6, () => Pick(world).Exchange());
        Strew(6, () => Pick(world).Reap());
        Strew(6, () => Pick(world).DeliverHints());
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

    /// <summary>Damages one replica's copy of a key, and only where the other owners hold the same on disk: never the last good one.</summary>
    private static void Damage(SimWorld world)
    {
        var owners = world.Ring.List.Primaries.Select(world.Node).ToArray();
        var key = world.Keys.ElementAt(world.Random.Next(world.Options.Keys));
        var victim = owners[world.Random.Next(owners.Length)];
        var good = owners.All(node => node.Disk.Durable(key).StateEquals(victim.Disk.Durable(key)) && node.Disk.Damaged.Count == 0);
        if (good && !world.Ring.IsMoving && !victim.Disk.Durable(key).IsEmpty && victim.Disk.IsSynced)
            victim.Disk.Damaged.Add(key);
    }
}
