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

    /// <summary>How many keys the nodes hold together; fails unless each partition is held by so many of them, and alike.</summary>
    public static int AssertAlike(IReadOnlyList<ILookup<int, string>> dumps, int replicas)
    {
        var keys = 0;
        foreach (var partition in dumps.SelectMany(dump => dump.Select(lines => lines.Key)).Distinct().Order())
        {
            var holders = dumps.Where(dump => dump.Contains(partition)).ToList();
            Assert.True(holders.Count == replicas, $"{holders.Count} nodes hold partition {partition}");
            keys += AssertAlike(partition, holders);
        }
        return keys;
    }

    /// <summary>
    /// How many keys the nodes hold together; fails unless each partition's owners hold it alike. A node that was an owner may still have what it
    /// held then.
    /// </summary>
    /// <param name="dumps">By node id.</param>
    /// <param name="owners">The node ids of each partition's owners.</param>
    public static int AssertAlike(IReadOnlyDictionary<string, ILookup<int, string>> dumps, ILookup<int, string> owners) =>
        owners.Sum(partition => AssertAlike(partition.Key, [.. partition.Select(owner => dumps[owner])]));

    private static int AssertAlike(int partition, List<ILookup<int, string>> holders)
    {
        var copies = holders.Select(dump => string.Join('\n', dump[partition])).Distinct().ToList();
        Assert.True(copies.Count == 1, $"the copies of partition {partition} differ:\n{string.Join("\n--\n", copies)}");
        return holders[0][partition].Count();
    }
}
