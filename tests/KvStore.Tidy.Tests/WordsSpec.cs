using System.Text.RegularExpressions;

namespace KvStore.Tidy;

/// <summary>What the texts of this repository may not say, and what its documents must be.</summary>
public sealed partial class WordsSpec
{
    private static IEnumerable<string> TextFiles => Repository.Files.Where(f =>
        Path.GetExtension(f) is ".cs" or ".md" or ".sh" or ".props" or ".targets" or ".csproj" or ".conf" or ".yaml" or ".yml"
        || f is "kv" or "eng/test" or ".ci/run");

    [Fact]
    public void Nothing_is_left_to_be_done_later() =>
        Find(Unfinished(), "Do it, or leave it out and say so in the documentation:");

    [Fact]
    public void Nothing_names_a_path_of_somebodys_machine() =>
        Find(MachinePaths(), "The project stands alone:");

    [Fact]
    public void No_exception_is_swallowed_without_a_word() =>
        Find(EmptyCatch(), "Say why it is right to go on:", ".cs");

    [Fact]
    public void Every_document_starts_with_its_only_title()
    {
        var findings =
            from file in Repository.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal))
            let titles = WithoutCode(Repository.Lines(file)).Count(l => l.StartsWith("# ", StringComparison.Ordinal))
            where titles != 1 || !Repository.Lines(file)[0].StartsWith("# ", StringComparison.Ordinal)
            select $"{file}: {titles} titles";
        Repository.AssertNone(findings, "One '# Title', on the first line:");
    }

    [Fact]
    public void Every_link_inside_the_repository_leads_somewhere()
    {
        var findings =
            from file in Repository.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal))
            from Match link in MarkdownLink().Matches(string.Join('\n', WithoutCode(Repository.Lines(file))))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
            let path = Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, target))
            where !Path.Exists(path)
            select $"{file}: {target}";
        Repository.AssertNone(findings, "These links lead nowhere:");
    }

    private static void Find(Regex pattern, string rule, string? extension = null) =>
        Repository.AssertNone(
            from file in TextFiles
            where extension is null || file.EndsWith(extension, StringComparison.Ordinal)
            where !file.StartsWith("tests/KvStore.Tidy.Tests/", StringComparison.Ordinal)
            from line in Repository.Lines(file).Index()
            where pattern.IsMatch(line.Item)
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}",
            rule);

    private static IEnumerable<string> WithoutCode(string[] lines)
    {
        var inCode = false;
        foreach (var line in lines)
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal)) inCode = !inCode;
            else if (!inCode) yield return InlineCode().Replace(line, "");
        }
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|TBD)\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"(?<![\w.])/(work|farm|root|home/\w+)/")]
    private static partial Regex MachinePaths();

    [GeneratedRegex(@"catch\s*(\(\s*Exception[^)]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex MarkdownLink();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();
}
