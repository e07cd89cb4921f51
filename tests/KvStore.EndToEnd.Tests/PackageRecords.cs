using System.Text;

namespace KvStore.EndToEnd;

/// <summary>
/// Real data: the package index of the machine, a record for each version of each package, of some 200 bytes to some 80 KB. Text stands for bytes
/// (Latin-1).
/// </summary>
internal static class PackageRecords
{
    /// <summary>At most so many records, spread over the whole index, its largest among them; the key is the package with its version.</summary>
    public static async Task<IReadOnlyList<(string Key, string Value)>> Read(int atMost)
    {
        var index = await Programs.Run("apt-cache", ["dumpavail"], encoding: Encoding.Latin1);
        Assert.True(index.ExitCode == 0, $"apt-cache dumpavail: {index.Errors}");
        var all = index.Output.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(record => (Key: $"{Field(record, "Package")}={Field(record, "Version")}", Value: record))
            .DistinctBy(record => record.Key).ToList();
        Assert.True(all.Count >= 500, $"the package index has {all.Count} records: apt-get update fetches it");
        var step = Math.Max(1, all.Count / atMost);
        var largest = all.MaxBy(record => record.Value.Length);
        return [.. all.Where((record, i) => i % step == 0 && record != largest).Take(atMost - 1).Append(largest)];
    }

    private static string Field(string record, string name)
    {
        var from = record.StartsWith($"{name}: ", StringComparison.Ordinal) ? 0 : record.IndexOf($"\n{name}: ", StringComparison.Ordinal) + 1;
        var end = record.IndexOf('\n', from);
        return record[(from + name.Length + 2)..(end < 0 ? record.Length : end)];
    }
}
