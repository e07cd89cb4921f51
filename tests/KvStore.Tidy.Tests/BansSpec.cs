using System.Text.RegularExpressions;

namespace KvStore.Tidy;

/// <summary>
/// The bans over the sources, beside the analyzer that refuses them at compile time (eng/Bans.targets): this spec also sees what
/// an analyzer's switch in some .editorconfig would let through.
/// </summary>
public sealed partial class BansSpec
{
    private static readonly string[] UnderTheActorBans =
        ["src/KvStore.Core", "src/KvStore.Data", "src/KvStore.Wire", "src/KvStore.Node", "src/Troupe", "src/Troupe.Cmd"];

    [Fact]
    public void Clocks_randomness_threads_and_timers_come_from_outside() =>
        Repository.AssertNone(
            UnderTheActorBans.SelectMany(folder => Find(folder, OutsideWorld()))
                .Where(finding => !finding.StartsWith("src/Troupe/Platform/", StringComparison.Ordinal)),
            "Only src/Troupe/Platform touches clocks, threads, timers and unseeded randomness:");

    [Fact]
    public void Core_knows_no_IO_and_no_Task() =>
        Repository.AssertNone(Find("src/KvStore.Core", CoreBans()), "Core returns effects; others carry them out:");

    [Fact]
    public void The_frameworks_flush_calls_are_used_nowhere() =>
        Repository.AssertNone(
            Find("src", FlushCalls()).Concat(Find("tests", FlushCalls()).Where(NotOurOwn)),
            "The framework hides a failed fsync; use KvStore.Storage's own:");

    [Fact]
    public void The_analyzer_that_enforces_the_bans_is_switched_off_in_the_platform_folder_only() =>
        Repository.AssertNone(
            Repository.Files.Where(f => f.EndsWith(".editorconfig", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal)
                    || f.EndsWith(".csproj", StringComparison.Ordinal) || f.EndsWith(".props", StringComparison.Ordinal))
                .Where(f => f is not "src/Troupe/Platform/.editorconfig" and not "tests/KvStore.Tidy.Tests/BansSpec.cs")
                .Where(f => Repository.Text(f).Contains("RS0030", StringComparison.Ordinal)),
            "RS0030 is switched off in:");

    [Theory]
    [InlineData("src/KvStore.Core", "Core")]
    [InlineData("src/KvStore.Data", "Actors")]
    [InlineData("src/KvStore.Wire", "Actors")]
    [InlineData("src/KvStore.Node", "Actors")]
    [InlineData("src/Troupe", "Actors")]
    [InlineData("src/Troupe.Cmd", "Actors")]
    public void A_project_under_the_bans_names_its_list(string project, string list) =>
        Assert.Contains($"<Bans>{list}</Bans>", Repository.Text($"{project}/{Path.GetFileName(project)}.csproj"), StringComparison.Ordinal);

    [Fact]
    public void No_test_sleeps_or_is_skipped() =>
        Repository.AssertNone(
            Find("tests", SleepsAndSkips()).Where(NotOurOwn)
                .Where(finding => !finding.StartsWith("tests/KvStore.Benchmarks/", StringComparison.Ordinal)),
            "A test waits for what happens, never for time, and runs always:");

    private static IEnumerable<string> Find(string folder, Regex pattern) =>
        from file in Repository.FilesUnder(folder, ".cs")
        from line in Repository.Lines(file).Index()
        let code = WithoutCommentsAndStrings(line.Item)
        where pattern.IsMatch(code)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    private static bool NotOurOwn(string finding) => !finding.StartsWith("tests/KvStore.Tidy.Tests/", StringComparison.Ordinal);

    private static string WithoutCommentsAndStrings(string line) =>
        CommentsAndStrings().Replace(line, m => m.Value.StartsWith('/') ? "" : "\"\"");

    [GeneratedRegex(@"//.*$|""(?:[^""\\]|\\.)*""")]
    private static partial Regex CommentsAndStrings();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bStopwatch\b|\bEnvironment\.TickCount"
        + @"|\bGuid\.(NewGuid|CreateVersion7)\b|\bRandom\.Shared\b"
        + @"|\bnew Random\(\)|\bTask\.(Run|Delay)\b|\.ConfigureAwait\(|\bnew Thread\(|\bThreadPool\.|\bThread\.(Sleep|Yield|SpinWait)\b"
        + @"|\bnew Timer\(|\bPeriodicTimer\b|\bParallel\.|\bTimeProvider\.System\b|\bRandomNumberGenerator\b")]
    private static partial Regex OutsideWorld();

    [GeneratedRegex(@"\bSystem\.(IO|Net)\b|\b(async|await)\b|\b(Value)?Task\b(?!s)|\bnew Random\(|\bFile\.|\bSocket\b")]
    private static partial Regex CoreBans();

    [GeneratedRegex(@"\.Flush\(\s*(true|flushToDisk)|\bFlushToDisk\b")]
    private static partial Regex FlushCalls();

    [GeneratedRegex(@"\bThread\.Sleep\b|\bTask\.Delay\(|\bSkip\s*=|\[Fact\(Skip")]
    private static partial Regex SleepsAndSkips();
}
