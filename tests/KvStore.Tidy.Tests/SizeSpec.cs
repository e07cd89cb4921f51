using System.Text.RegularExpressions;

namespace KvStore.Tidy;

/// <summary>Files and methods stay small enough to be read at one sitting.</summary>
public sealed partial class SizeSpec
{
    private const int MaxFileLines = 600;
    private const int MaxMethodLines = 70;
    private const int MaxMedianFileLines = 120;
    private const int MaxColumns = 160;

    private static IEnumerable<string> Sources => Repository.FilesUnder("src", ".cs").Concat(Repository.FilesUnder("tests", ".cs"));

    [Fact]
    public void No_file_is_longer_than_600_lines() =>
        Repository.AssertNone(
            from file in Sources
            let lines = Repository.Lines(file).Length
            where lines > MaxFileLines
            select $"{file}: {lines} lines",
            "A file that long holds more than one thing:");

    [Fact]
    public void The_median_file_of_src_is_at_most_120_lines()
    {
        var lengths = Repository.FilesUnder("src", ".cs").Select(f => Repository.Lines(f).Length).Order().ToList();
        var median = lengths.Count == 0 ? 0 : lengths[lengths.Count / 2];
        Assert.True(median <= MaxMedianFileLines, $"The median file under src has {median} lines; {MaxMedianFileLines} is the aim.");
    }

    [Fact]
    public void No_line_is_wider_than_a_screen() =>
        Repository.AssertNone(
            from file in Sources
            from line in Repository.Lines(file).Index()
            where line.Item.Length > MaxColumns
            select $"{file}:{line.Index + 1}: {line.Item.Length} columns",
            $"Lines end by column {MaxColumns}:");

    [Fact]
    public void No_method_is_longer_than_70_lines() =>
        Repository.AssertNone(
            from file in Sources
            from method in Methods(Repository.Lines(file))
            where method.Lines > MaxMethodLines
            select $"{file}:{method.Start + 1}: {method.Lines} lines",
            "A method that long does more than one thing:");

    /// <summary>Bodies of members, found by layout: a lone '{' whose header is no type, up to the '}' of the same indent.</summary>
    private static IEnumerable<(int Start, int Lines)> Methods(string[] lines)
    {
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Trim() != "{") continue;
            var indent = lines[i].Length - 1;
            if (indent is not (4 or 8) || TypeHeader().IsMatch(Header(lines, i, indent))) continue;
            var end = i + 1;
            while (end < lines.Length && !(lines[end].StartsWith(new string(' ', indent) + "}", StringComparison.Ordinal))) end++;
            yield return (i, end - i + 1);
            i = end;
        }
    }

    private static string Header(string[] lines, int brace, int indent)
    {
        var start = brace - 1;
        while (start > 0 && lines[start].Length > indent && lines[start][indent] == ' ') start--;
        return string.Join(' ', lines[start..brace]);
    }

    [GeneratedRegex(@"\b(class|struct|record|interface|enum|namespace)\b")]
    private static partial Regex TypeHeader();
}
