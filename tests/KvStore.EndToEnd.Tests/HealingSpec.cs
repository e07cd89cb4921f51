using System.Globalization;
using System.Text;

namespace KvStore.EndToEnd;

/// <summary>Node processes, one of which is away while thousands of keys are written: it gets them all when it is back.</summary>
public sealed class HealingSpec
{
    private const int Clients = 8;
    private const int Before = 100;

    [Fact]
    public Task What_one_of_three_missed_while_it_was_dead_is_delivered_and_all_trees_are_equal() =>
        Heals(nodes: 3, TestPorts.OffsetOf(nameof(HealingSpec)), TestLength.Of(10_000, 100_000));

    /// <summary>With five there are others to stand in for the dead one, and hints wait with them.</summary>
    [Fact]
    public Task What_one_of_five_missed_while_it_was_dead_is_delivered_and_all_trees_are_equal() =>
        Heals(nodes: 5, TestPorts.OffsetOf(nameof(HealingSpec)), TestLength.Of(5_000, 100_000));

    private static async Task Heals(int nodes, int portOffset, int keys)
    {
        await using var cluster = await RealCluster.Up(nodes, portOffset);
        var numbers = Enumerable.Range(1, nodes).ToList();
        await Set(cluster, "before", Before);
        await cluster.Kill(3);
        await Set(cluster, "after", keys);
        long hints = 0;
        foreach (var node in numbers.Where(node => node != 3)) hints += await cluster.Door(node).Number("hints", "hints");
        Assert.InRange(hints, keys * 3 / nodes * 9 / 10, keys + 2 * Before);

        await cluster.Up();
        var doors = numbers.Select(cluster.Door).ToList();
        await Waiting.UntilHintsAreDelivered(doors);
        await Waiting.UntilTreesAreEqual(doors);

        await cluster.Down();
        var dumps = new List<ILookup<int, string>>();
        foreach (var node in numbers) dumps.Add(await DataDumps.Of(cluster.DataOf(node)));
        Assert.Equal(keys + Before, DataDumps.AssertAlike(dumps, replicas: 3));
    }

    private static async Task Set(RealCluster cluster, string prefix, int count)
    {
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var commands = new StringBuilder();
            for (var i = client; i < count; i += Clients) commands.Append(CultureInfo.InvariantCulture, $"SET {prefix}-{i} value-{i}\n");
            var answers = (await Programs.Run("redis-cli", ["-p", $"{cluster.RespPort(1)}"], commands.ToString())).Output.Split('\n');
            Assert.All(answers, answer => Assert.Equal("OK", answer));
        }));
    }
}
