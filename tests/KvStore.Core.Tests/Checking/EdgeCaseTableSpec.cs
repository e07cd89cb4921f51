using System.Text.RegularExpressions;

namespace KvStore.Core.Tests.Checking;

/// <summary>The table of edge cases names tests that there are.</summary>
public sealed partial class EdgeCaseTableSpec
{
    private static readonly string Root = Environment.GetEnvironmentVariable("KV_ROOT") ?? FindRoot();

    [Fact]
    public void Each_test_and_each_planted_bug_that_the_table_names_exists()
    {
        var table = File.ReadAllText(Path.Combine(Root, "docs", "edge-cases.md"));
        var tests = typeof(EdgeCaseTableSpec).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Select(method => method.Name).ToHashSet();
        var named = Name().Matches(table).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.True(named.Count > 40);
        Assert.DoesNotContain(named, name => !tests.Contains(name));
        var bugs = Enum.GetNames<PlantedBugs>().Concat(Enum.GetNames<PlantedRingBugs>()).ToHashSet();
        var listed = Bugs().Matches(table).SelectMany(match => match.Groups[1].Value.Split(", ")).Where(word => char.IsUpper(word[0]) && word.Length > 5);
        Assert.DoesNotContain(listed, name => name != nameof(Simulation.SimOptions.Wipes) && !bugs.Contains(name));
    }

    [GeneratedRegex("`([A-Z][A-Za-z_]+_[A-Za-z_]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"simulator \(([A-Za-z, ]+)\)")]
    private static partial Regex Bugs();

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "KvStore.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No KvStore.sln above the tests; set KV_ROOT.");
        return folder;
    }
}
