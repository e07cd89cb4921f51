namespace KvStore.EndToEnd;

/// <summary>Five node processes, divided two to three: nothing comes through between the sides, and nobody is told.</summary>
public sealed class SplitSpec
{
    private static readonly int[] Few = [1, 2];
    private static readonly int[] Many = [3, 4, 5];
    private static readonly int Keys = TestLength.Of(100, 2_000);

    [Fact]
    public async Task Both_sides_take_sloppy_writes_and_one_side_a_strict_one_and_all_converges_after()
    {
        await using var group = await NodeGroup.Up(nodes: 5, TestPorts.OffsetOf(nameof(SplitSpec)), cuttable: true);
        group.Lines!.Split(Few, Many);
        foreach (var node in Few) await UntilReachable(group, node, Few);
        foreach (var node in Many) await UntilReachable(group, node, Many);

        using var few = await RespClient.Connect(group[1].Ports.Resp);
        using var many = await RespClient.Connect(group[4].Ports.Resp);
        var fewsKeys = await StrictRequests(few, many);
        await SloppyWrites(few, "few");
        await SloppyWrites(many, "many");

        group.Lines.Heal();
        foreach (var node in Few.Concat(Many)) await UntilReachable(group, node, [.. Few, .. Many]);
        await Waiting.UntilHintsAreDelivered(group.Doors);
        await Waiting.UntilTreesAreEqual(group.Doors);
        foreach (var node in group.Nodes) await HasConverged(node, fewsKeys);
        await TheStrictSideHadTheKeysPrimaries(group, fewsKeys);
    }

    private static Task UntilReachable(NodeGroup group, int node, int[] expected)
    {
        var ids = expected.Select(NodeGroup.IdOf).Order().ToList();
        return Waiting.Until(
            async () => (await group[node].Door.Get("status")).GetProperty("members").EnumerateArray()
                .Where(member => member.GetProperty("reachable").GetBoolean()).Select(member => member.GetProperty("node_id").GetString()!)
                .Order().SequenceEqual(ids),
            $"node {node} reaches {string.Join(", ", expected)} alone");
    }

    /// <summary>Each key is written by exactly one side, and read by the same; returns those of the smaller one.</summary>
    private static async Task<HashSet<int>> StrictRequests(RespClient few, RespClient many)
    {
        var fewsKeys = new HashSet<int>();
        for (var key = 0; key < Keys; key++)
        {
            var byFew = await few.Ask("KV.PUT", $"strict-{key}", "few", "STRICT");
            var byMany = await many.Ask("KV.PUT", $"strict-{key}", "many", "STRICT");
            Assert.True(byFew.Error is null ^ byMany.Error is null, $"strict-{key}: {byFew} and {byMany}");
            Assert.Equal("TRYAGAIN", byFew.Error ?? byMany.Error);
            var readByFew = await few.Ask("KV.GET", $"strict-{key}", "STRICT");
            var readByMany = await many.Ask("KV.GET", $"strict-{key}", "STRICT");
            Assert.Equal((byFew.Error, byMany.Error), (readByFew.Error, readByMany.Error));
            Assert.Equal(byFew.Error is null ? "few" : "many", Siblings(byFew.Error is null ? readByFew : readByMany));
            if (byFew.Error is null) fewsKeys.Add(key);
        }
        Assert.InRange(fewsKeys.Count, 1, Keys / 2);
        return fewsKeys;
    }

    private static async Task SloppyWrites(RespClient side, string value)
    {
        for (var key = 0; key < Keys; key++)
        {
            var written = await side.Ask("KV.PUT", $"sloppy-{key}", value);
            Assert.True(written.Error is null, $"sloppy-{key} by {value}: {written}");
            Assert.Equal(value, Siblings(await side.Ask("KV.GET", $"sloppy-{key}")));
        }
    }

    private static async Task HasConverged(RealNode node, HashSet<int> fewsKeys)
    {
        using var connection = await RespClient.Connect(node.Ports.Resp);
        for (var key = 0; key < Keys; key++)
        {
            Assert.Equal("few many", Siblings(await connection.Ask("KV.GET", $"sloppy-{key}")));
            Assert.Equal(fewsKeys.Contains(key) ? "few" : "many", Siblings(await connection.Ask("KV.GET", $"strict-{key}")));
        }
    }

    /// <summary>Once all is healed a key is on its primaries and nowhere else: that tells where they were.</summary>
    private static async Task TheStrictSideHadTheKeysPrimaries(NodeGroup group, HashSet<int> fewsKeys)
    {
        await Task.WhenAll(group.Nodes.Select(node => node.Stop()));
        var dumps = new List<ILookup<int, string>>();
        foreach (var node in group.Nodes) dumps.Add(await DataDumps.Of(node.Data));
        Assert.Equal(2 * Keys, DataDumps.AssertAlike(dumps, replicas: 3));
        for (var key = 0; key < Keys; key++)
        {
            var primaries = Few.Count(node => dumps[node - 1].Any(lines => lines.Any(line => line.Split('\t')[2] == $"strict-{key}")));
            Assert.True(primaries >= 2 == fewsKeys.Contains(key), $"strict-{key} has {primaries} primaries on the smaller side");
        }
    }

    private static string Siblings(Reply reply) =>
        reply.Error is null ? string.Join(' ', reply["siblings"].Items.Select(sibling => sibling.Text).Order()) : reply.ToString();
}
