using KvStore.Core.Causality;

namespace KvStore.Core.Tests.Simulation;

/// <summary>What one run is made of; drawn from its seed, so that a seed says everything. Printed when a run fails.</summary>
internal sealed record SimOptions
{
    public required int Seed { get; init; }

    public required int Nodes { get; init; }

    public required int Keys { get; init; }

    public required int Clients { get; init; }

    public required int OperationsPerClient { get; init; }

    /// <summary>Strict quorums, whose reads the checkers hold to every acknowledged write; else sloppy ones.</summary>
    public required bool Strict { get; init; }

    public required bool Monotonic { get; init; }

    public required double Loss { get; init; }

    public required double Duplication { get; init; }

    /// <summary>The share of messages that come seconds late.</summary>
    public required double Lateness { get; init; }

    public required bool Partitions { get; init; }

    public required bool Crashes { get; init; }

    public required bool Moves { get; init; }

    public required bool Damage { get; init; }

    public required double Deletes { get; init; }

    public required double BlindWrites { get; init; }

    /// <summary>How long a sync takes at most, in milliseconds: what is logged and not yet synced is lost in a crash.</summary>
    public required int SyncMilliseconds { get; init; }

    /// <summary>How long a read from disk takes at most, in milliseconds.</summary>
    public required int LoadMilliseconds { get; init; }

    /// <summary>How much later than the owners the other nodes may learn of a ring, in milliseconds.</summary>
    public required int RingLag { get; init; }

    /// <summary>An owner loses its copy of the partition, and knows it.</summary>
    public required bool Wipes { get; init; }

    /// <summary>All clients on one key at once, so that much meets in one replica.</summary>
    public required bool Hot { get; init; }

    public required ConflictPolicy Policy { get; init; }

    /// <summary>The share of writes that supersede whatever their coordinating replica holds.</summary>
    public required double Overwrites { get; init; }

    /// <summary>The share of writes that expire, some seconds later.</summary>
    public required double Expiries { get; init; }

    /// <summary>By how much the nodes' wall clocks differ at most, in milliseconds.</summary>
    public required int ClockSkew { get; init; }

    /// <summary>Clients of a strong key beside the others.</summary>
    public required bool Strong { get; init; }

    internal PlantedBugs Bugs { get; init; }

    internal PlantedRingBugs RingBugs { get; init; }

    public static SimOptions Draw(int seed)
    {
        var random = new Random(seed);
        bool Chance(double p) => random.NextDouble() < p;
        return new SimOptions
        {
            Seed = seed,
            Nodes = random.Next(3, 10),
            Keys = random.Next(1, 4),
            Clients = random.Next(1, 5),
            OperationsPerClient = random.Next(4, 14),
            Strict = Chance(0.6),
            Monotonic = Chance(0.3),
            Loss = Chance(0.5) ? random.NextDouble() * 0.15 : 0,
            Duplication = Chance(0.5) ? random.NextDouble() * 0.2 : 0,
            Lateness = Chance(0.5) ? random.NextDouble() * 0.1 : 0,
            Partitions = Chance(0.5),
            Crashes = Chance(0.5),
            Moves = Chance(0.4),
            Damage = Chance(0.2),
            Deletes = Chance(0.6) ? random.NextDouble() * 0.5 : 0,
            BlindWrites = Chance(0.5) ? random.NextDouble() * 0.4 : 0,
            SyncMilliseconds = Chance(0.3) ? 400 : 10,
            Hot = Chance(0.3),
            LoadMilliseconds = Chance(0.3) ? 200 : Chance(0.15) ? 3_000 : 3,
            RingLag = Chance(0.4) ? 30_000 : 2_000,
            Wipes = Chance(0.2),
            Policy = Chance(0.15) ? ConflictPolicy.LastWriterWins : ConflictPolicy.Siblings,
            Overwrites = Chance(0.25) ? random.NextDouble() * 0.5 : 0,
            Expiries = Chance(0.25) ? random.NextDouble() * 0.5 : 0,
            ClockSkew = Chance(0.3) ? 3_000 : 0,
            Strong = Chance(0.25),
        };
    }
}
