namespace KvStore.EndToEnd;

/// <summary>What kv dump says that stopped nodes hold.</summary>
internal static class DataDumps
{
    /// <summary>The lines of one node's keys, by partition.</summary>
    public static async Task<ILookup<int, string>> Of(string directory)
    {
        var dump = await Programs.Kv("dump", directory);
        Assert.True(dump.ExitCode == 0, dump.Errors);
        return dump.Output.Split('\n').Skip(1).ToLookup(line => int.Parse(line[..line.IndexOf('\t')]));
    }

    /// <summary>
    /// How many keys the nodes hold together; fails unless each partition is held by so many of them, and alike.
    /// </summary>
    /// <param name="others">How many more may still hold a partition that has moved away from them, as it was then.</param>
    public static int AssertAlike(IReadOnlyList<ILookup<int, string>> dumps, int replicas, int others = 0)
    {
        var keys = 0;
        foreach (var partition in dumps.SelectMany(dump => dump.Select(lines => lines.Key)).Distinct().Order())
        {
            var copies = dumps.Where(dump => dump.Contains(partition)).Select(dump => string.Join('\n', dump[partition])).ToList();
            var alike = copies.GroupBy(copy => copy).MaxBy(same => same.Count())!;
            Assert.InRange(copies.Count, replicas, replicas + others);
            Assert.True(
                alike.Count() >= replicas, $"the copies of partition {partition} differ:\n{string.Join("\n--\n", copies.Distinct())}");
            keys += alike.Key.Split('\n').Length;
        }
        return keys;
    }
}
