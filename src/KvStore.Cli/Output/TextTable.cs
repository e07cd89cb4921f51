using Spectre.Console;

namespace KvStore.Cli.Output;

/// <summary>A table on a terminal; tab-separated lines with a header when piped, for cut and awk.</summary>
internal sealed class TextTable(params string[] columns)
{
    /// <summary>Words that an operator looks for, and how they stand out on a terminal.</summary>
    private static readonly Dictionary<string, string> Colours = new()
    {
        ["up"] = "green", ["down"] = "red", ["no answer"] = "red", ["out of reach"] = "red", ["damaged"] = "red", ["yes"] = "green", ["no"] = "red",
        ["joining"] = "yellow", ["leaving"] = "yellow", ["removing"] = "yellow", ["asks to join"] = "yellow", ["valid"] = "green",
        ["primary"] = "green", ["new primary"] = "yellow", ["old primary"] = "yellow", ["deleted"] = "grey",
    };

    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var row in _rows.Prepend(columns)) output.WriteLine(string.Join('\t', row.Select(OneCell)));
            return;
        }
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in columns) table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        foreach (var row in _rows) table.AddRow([.. row.Select(Coloured)]);
        AnsiConsole.Write(table);
    }

    /// <summary>What would break a line or a column is written as in C.</summary>
    private static string OneCell(string text) => text.AsSpan().IndexOfAny('\t', '\n', '\r') < 0
        ? text
        : text.Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    private static string Coloured(string text) =>
        Colours.TryGetValue(text, out var colour) ? $"[{colour}]{Markup.Escape(text)}[/]" : Markup.Escape(text);
}
