using System.Text;

namespace KvStore.Cli.Output;

/// <summary>
/// Takes lines of cells with tabs between them, the first of which names the columns, and writes each of the others as a JSON object. What it
/// writes to stays open.
/// </summary>
internal sealed class JsonLines(TextWriter output) : TextWriter
{
    private string[]? _columns;

    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => throw new NotSupportedException("Lines are written whole.");

    public override void WriteLine(string? value)
    {
        var cells = (value ?? "").Split('\t');
        if (_columns is not { } columns) _columns = cells;
        else Json.Write(columns.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second));
    }
}
