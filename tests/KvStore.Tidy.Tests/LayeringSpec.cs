using System.Text.RegularExpressions;

namespace KvStore.Tidy;

/// <summary>Dependencies point one way. The table is the architecture; ARCHITECTURE.md draws it.</summary>
public sealed partial class LayeringSpec
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["KvStore.Storage"] = [],
        ["KvStore.Core"] = [],
        ["KvStore.Data"] = ["KvStore.Core", "KvStore.Storage"],
        ["KvStore.Wire"] = ["KvStore.Core"],
        ["KvStore.Node"] = ["KvStore.Core", "KvStore.Storage", "KvStore.Data", "KvStore.Wire"],
        ["KvStore.Client"] = ["KvStore.Wire"],
        ["KvStore.Server"] = ["KvStore.Node"],
        ["KvStore.Cli"] = ["KvStore.Client", "KvStore.Storage", "KvStore.Data"],
        ["Troupe"] = [],
        ["Troupe.TestKit"] = ["Troupe"],
        ["Troupe.Cmd"] = [],
    };

    [Fact]
    public void A_project_references_only_what_its_layer_allows()
    {
        var findings =
            from file in Repository.FilesUnder("src", ".csproj")
            let project = Path.GetFileNameWithoutExtension(file)
            from Match reference in ProjectReference().Matches(Repository.Text(file))
            let target = Path.GetFileNameWithoutExtension(reference.Groups[1].Value)
            where !Allowed.TryGetValue(project, out var allowed) || !allowed.Contains(target)
            select $"{file} references {target}";
        Repository.AssertNone(findings, "Dependencies point one way (ARCHITECTURE.md):");
    }

    [Fact]
    public void Every_project_under_src_stands_in_the_layering_table() =>
        Repository.AssertNone(
            Repository.FilesUnder("src", ".csproj").Select(f => Path.GetFileNameWithoutExtension(f)!).Where(p => !Allowed.ContainsKey(p)),
            "A new project needs a row in LayeringSpec and in ARCHITECTURE.md:");

    [Fact]
    public void Storage_Core_and_the_in_repo_runtime_stand_on_the_BCL_alone() =>
        Repository.AssertNone(
            from project in (string[])["KvStore.Storage", "KvStore.Core", "Troupe"]
            let text = Repository.Text($"src/{project}/{project}.csproj")
            where text.Contains("PackageReference", StringComparison.Ordinal)
                || text.Contains("FrameworkReference", StringComparison.Ordinal)
            select project,
            "These use no packages:");

    [Fact]
    public void Nothing_in_src_references_tests() =>
        Repository.AssertNone(
            Repository.FilesUnder("src", ".csproj").Where(f => Repository.Text(f).Contains("tests/", StringComparison.Ordinal)),
            "src never depends on tests:");

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Text("KvStore.sln").Replace('\\', '/');
        Repository.AssertNone(
            Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && !f.StartsWith("eng/", StringComparison.Ordinal))
                .Where(f => !solution.Contains(f, StringComparison.Ordinal)),
            "Not in KvStore.sln:");
    }

    /// <summary>The two runtimes are one choice in one place: whoever names the in-repo one outside it has made the choice again.</summary>
    [Fact]
    public void Only_eng_names_the_in_repo_runtime_the_simulator_aside()
    {
        string[] mayName = ["eng/", "src/Troupe", "tests/Troupe", "tests/KvStore.Simulator", "tests/KvStore.Tidy.Tests/", ".ci/"];
        string[] isCode = [".cs", ".csproj", ".props", ".targets", ".conf", ".sh"];
        var findings =
            from file in Repository.Files
            where isCode.Contains(Path.GetExtension(file)) || file == "kv"
            where !mayName.Any(prefix => file.StartsWith(prefix, StringComparison.Ordinal))
            from line in Repository.Lines(file).Index()
            where line.Item.Contains("Troupe", StringComparison.Ordinal)
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}";
        Repository.AssertNone(findings, "Only eng/ActorRuntime.* chooses between the runtimes:");
    }

    [Fact]
    public void No_namespace_of_ours_hides_an_Akka_type_that_we_use()
    {
        string[] taken = ["Cluster", "Address", "Status", "Props", "Config", "Deploy", "Serialization", "Logging", "Terminated"];
        var findings =
            from file in Repository.FilesUnder("src", ".cs").Concat(Repository.FilesUnder("tests", ".cs"))
            from Match match in OurNamespace().Matches(Repository.Text(file))
            where match.Groups[1].Value.Split('.').Any(taken.Contains)
            select $"{file}: {match.Value}";
        Repository.AssertNone(findings, "Inside KvStore.* such a namespace would be found before the Akka type:");
    }

    [GeneratedRegex("""<ProjectReference\s+Include="([^"]+)"(?![^>]*ReferenceOutputAssembly="false")""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"^namespace KvStore\.([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex OurNamespace();
}
