using Akka.Cluster.Sharding.Internal;
using Disturbances = Troupe.Tests.ClusterSharding.Simulated.ShardedWorld.Disturbances;

namespace Troupe.Tests.ClusterSharding.Simulated;

/// <summary>Simulated clusters over seeds: more of them with KV_TEST_LONG=1.</summary>
public sealed class ShardingSimulationSpec
{
    private static readonly ulong Runs = Environment.GetEnvironmentVariable("KV_TEST_LONG") == "1" ? 150ul : 6ul;

    [Fact]
    public void While_shards_move_no_entity_lives_twice_and_no_message_is_lost()
    {
        for (ulong seed = 1; seed <= Runs; seed++)
        {
            var ledger = ShardedWorld.Run(seed, Disturbances.Moves);
            AssertClean(seed, ledger, nothingLost: true);
            Assert.True(ledger.Arrived > 100 && ledger.Births > 50, $"seed {seed}: {ledger.Arrived} messages, {ledger.Births} births");
        }
    }

    [Fact]
    public void While_nodes_leave_and_return_no_entity_lives_twice_and_no_message_of_the_others_is_lost()
    {
        for (ulong seed = 1; seed <= Runs; seed++)
        {
            var ledger = ShardedWorld.Run(seed, Disturbances.Leaves);
            AssertClean(seed, ledger, nothingLost: true);
        }
    }

    [Fact]
    public void While_nodes_crash_and_return_no_entity_lives_twice_and_all_answer_afterwards()
    {
        for (ulong seed = 1; seed <= Runs; seed++)
            AssertClean(seed, ShardedWorld.Run(seed, Disturbances.Crashes | Disturbances.Leaves), nothingLost: false);
    }

    [Fact]
    public void While_lines_are_cut_and_healed_no_entity_lives_twice_and_all_answer_afterwards()
    {
        for (ulong seed = 1; seed <= Runs; seed++)
            AssertClean(seed, ShardedWorld.Run(seed, Disturbances.Cuts | Disturbances.Leaves), nothingLost: false);
    }

    [Theory]
    [InlineData(nameof(PlantedBugs.StoppedTooEarly), Disturbances.Moves)]
    [InlineData(nameof(PlantedBugs.WaitingForgotten), Disturbances.Moves)]
    [InlineData(nameof(PlantedBugs.MovedWithoutHandOff), Disturbances.Moves)]
    [InlineData(nameof(PlantedBugs.InheritsNothing), Disturbances.Leaves)]
    public void A_planted_bug_is_caught(string bug, object disturbances)
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var ledger = ShardedWorld.Run(seed, (Disturbances)disturbances, Enum.Parse<PlantedBugs>(bug));
            if (ledger.Violations.Count > 0 || ledger.Lost.Any()) return;
        }
        Assert.Fail($"{bug} was not caught in 30 runs");
    }

    private static void AssertClean(ulong seed, ShardingLedger ledger, bool nothingLost)
    {
        Assert.True(ledger.Violations.Count == 0, $"seed {seed}: {string.Join("; ", ledger.Violations)}");
        Assert.True(!nothingLost || !ledger.Lost.Any(), $"seed {seed}: lost {string.Join(", ", ledger.Lost)}");
    }
}
