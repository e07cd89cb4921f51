using System.Text.Json;
using Akka.Actor;
using KvStore.Server.Http;
using Microsoft.AspNetCore.Http;
using Petabridge.Cmd;

namespace KvStore.Server.Palettes;

/// <summary>
/// What the HTTP door answers, as lines: a field a line, and lists as tables. So there is one place that says what a node shows, and each door
/// shows all of it.
/// </summary>
internal static class AnswerLines
{
    /// <param name="except">A field that is left out.</param>
    /// <param name="last">A line after the others; empty for none.</param>
    public static List<CommandResponse> Of(IResult answer, string except = "", string last = "")
    {
        var body = JsonSerializer.SerializeToElement(((IValueHttpResult)answer).Value, JsonSerializerOptions.Web);
        if (answer is IStatusCodeHttpResult { StatusCode: >= StatusCodes.Status400BadRequest }) return [new ErroredCommandResponse(MessageOf(body))];
        var lines = Lines(body, except).Select(line => new CommandResponse(line, final: false));
        return [.. lines, last.Length > 0 ? new CommandResponse(last) : CommandResponse.Empty];
    }

    /// <summary>What is said when the node's actors did not answer.</summary>
    public static List<CommandResponse> OfFailure(Exception problem, bool isRead) =>
        [new ErroredCommandResponse(problem is AskTimeoutException ? Patience.Words(isRead) : $"{problem.Message} {Patience.Words(isRead)}")];

    private static string MessageOf(JsonElement body) =>
        body.TryGetProperty("message", out var message) ? message.ToString() : body.ToString();

    private static IEnumerable<string> Lines(JsonElement body, string except)
    {
        var shown = body.EnumerateObject().Where(field => field.Name is not "schema" && field.Name != except && field.Value.ValueKind != JsonValueKind.Null)
            .ToList();
        var fields = shown.Where(field => !IsTable(field.Value)).ToList();
        var width = fields.Select(field => field.Name.Length).DefaultIfEmpty().Max();
        foreach (var field in fields) yield return $"{TitleOf(field.Name).PadRight(width)}  {FieldOf(field.Value)}".TrimEnd();
        foreach (var field in shown.Where(field => IsTable(field.Value)))
        {
            yield return $"{TitleOf(field.Name)}:";
            foreach (var line in TableOf([.. field.Value.EnumerateArray()])) yield return $"  {line}";
        }
    }

    private static IEnumerable<string> TableOf(IReadOnlyList<JsonElement> rows)
    {
        var columns = rows[0].EnumerateObject().Select(field => field.Name).ToList();
        var table = rows.Select(row => columns.Select(column => Cell(row.GetProperty(column))).ToList()).Prepend([.. columns.Select(TitleOf)]).ToList();
        var widths = columns.Select((_, column) => table.Max(row => row[column].Length)).ToList();
        return table.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>A list of nothing is said to be one: whoever asked wants to know.</summary>
    private static string FieldOf(JsonElement value) => value is { ValueKind: JsonValueKind.Array } && value.GetArrayLength() == 0 ? "none" : Cell(value);

    private static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => string.Join(IsTable(value) ? "; " : " ", value.EnumerateArray().Select(Cell)),
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Where(field => !IsEmpty(field.Value))
            .Select(field => $"{TitleOf(field.Name)} {Cell(field.Value)}")),
        _ => OneLine(value.ToString()),
    };

    private static string TitleOf(string field) => field.Replace('_', ' ');

    private static bool IsTable(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Object;

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
        || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0);

    /// <summary>A key or a value may hold anything, and what it holds is not for the terminal to obey.</summary>
    private static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? $"\\x{(int)letter:x2}" : $"{letter}")) : text;
}
