namespace KvStore.EndToEnd;

/// <summary>
/// The node that formed the actor systems' cluster dies and nobody removes it: the keepers' coordinator died with it, and nothing of theirs moves
/// any more. Everything heals all the same, for healing needs no keeper.
/// </summary>
public sealed class OldestNodeSpec
{
    /// <summary>One living owner takes a write alone, and no stand-in holds anything that would have to go again.</summary>
    private const string OneIsEnough = "kv-store.quorum { r = 1, w = 1, sloppy = off }";
    private const int Nodes = 4;
    private static readonly int Keys = TestLength.Of(300, 20_000);

    [Fact]
    public async Task With_the_oldest_node_dead_and_never_removed_everything_heals_to_equal_trees()
    {
        await using var group = await NodeGroup.Up(Nodes, TestPorts.OffsetOf(nameof(OldestNodeSpec)), OneIsEnough);
        var oldest = await Founder(group);
        var others = Enumerable.Range(1, Nodes).Where(number => number != oldest).ToList();
        var (away, through) = (others[0], others[1]);
        await Set(group[through], "before");
        await group[oldest].Kill();
        await group[away].Kill();
        await Set(group[through], "meanwhile");

        await group.Restart(away);
        await Waiting.Until(async () => await HintsFor(away, group, others) == 0, "hints for the node that is back are delivered");
        foreach (var number in others) await group[number].Door.Post("repair");
        foreach (var number in others) await Waiting.Until(() => IsHealed(group[number].Door), $"node {number} differs from no living node");

        foreach (var number in others) Assert.Equal(0, await group[number].Stop());
        var dumps = new List<ILookup<int, string>>();
        foreach (var number in others) dumps.Add(await DataDumps.Of(group[number].Data));
        foreach (var partition in dumps.SelectMany(dump => dump.Select(lines => lines.Key)).Distinct())
        {
            var copies = dumps.Where(dump => dump.Contains(partition)).Select(dump => string.Join('\n', dump[partition])).ToList();
            Assert.InRange(copies.Count, 2, 3);
            Assert.Single(copies.Distinct());
        }
        Assert.Equal(2 * Keys, dumps.SelectMany(dump => dump.SelectMany(lines => lines)).Distinct().Count());
    }

    [Fact]
    public async Task A_dead_node_that_the_ring_has_let_go_of_is_a_member_of_the_cluster_no_more()
    {
        await using var group = await NodeGroup.Up(Nodes, TestPorts.OffsetOf(nameof(OldestNodeSpec)), OneIsEnough);
        await group[2].Kill();
        await group[1].Door.Post($"ring/remove?id={NodeGroup.IdOf(2)}");
        await RingChanges.Commit(group[1].Door);
        await RingChanges.UntilSettled(group[1].Door);

        var place = $"127.0.0.1:{group[2].Ports.Remoting} is no place of the ring's any more";
        await Waiting.Until(
            () => Task.FromResult(new[] { 1, 3, 4 }.Any(number => group[number].Log.Contains(place, StringComparison.Ordinal))),
            "somebody gives the dead node up");
        Assert.All(new[] { 1, 3, 4 }, number => Assert.True(group[number].IsRunning));
    }

    private static async Task<int> Founder(NodeGroup group)
    {
        var founder = 0;
        await Waiting.Until(
            () =>
            {
                founder = Enumerable.Range(1, Nodes).FirstOrDefault(number => group[number].Log.Contains("this node forms it", StringComparison.Ordinal));
                return Task.FromResult(founder > 0);
            },
            "one of them has formed the actor systems' cluster");
        return founder;
    }

    /// <summary>Every exchange came to its end and found nothing, but those with the dead node: of three others each shares as much with one.</summary>
    private static async Task<bool> IsHealed(HttpDoor door)
    {
        var trees = await door.Get("anti-entropy");
        return trees.GetProperty("differing").GetInt64() == 0
            && trees.GetProperty("equal").GetInt64() == trees.GetProperty("pairs").GetInt64() / 3 * 2;
    }

    private static async Task<long> HintsFor(int owner, NodeGroup group, IEnumerable<int> nodes)
    {
        var waiting = 0L;
        foreach (var number in nodes)
        {
            foreach (var kept in (await group[number].Door.Get("hints")).GetProperty("owners").EnumerateArray())
                if (kept.GetProperty("node_id").GetString() == NodeGroup.IdOf(owner)) waiting += kept.GetProperty("hints").GetInt64();
        }
        return waiting;
    }

    private static async Task Set(RealNode node, string prefix)
    {
        var commands = string.Concat(Enumerable.Range(0, Keys).Select(i => $"SET {prefix}-{i} value-{i}\n"));
        var answers = (await Programs.Run("redis-cli", ["-p", $"{node.Ports.Resp}"], commands)).Output.Split('\n');
        Assert.All(answers, answer => Assert.Equal("OK", answer));
    }
}
