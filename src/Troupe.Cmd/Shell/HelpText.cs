using Petabridge.Cmd.Protocol;

namespace Petabridge.Cmd.Shell;

/// <summary>What <c>help</c> prints: the palettes that a node has told of, one of them, or one command with its switches. Pure.</summary>
internal static class HelpText
{
    /// <summary>Null when there is nothing of that name.</summary>
    public static IReadOnlyList<string>? Of(IReadOnlyList<string> topic, IReadOnlyList<ShownPalette> palettes)
    {
        if (topic.Count == 0) return [.. palettes.SelectMany(Lines), "", "help PALETTE COMMAND  shows a command's switches", "exit  ends the console"];
        if (palettes.FirstOrDefault(one => one.Name == topic[0]) is not { } palette || topic.Count > 2) return null;
        if (topic.Count == 1) return [.. Lines(palette)];
        return palette.Commands.FirstOrDefault(one => one.Name == topic[1]) is { } command ? [.. Lines(palette, command)] : null;
    }

    private static IEnumerable<string> Lines(ShownPalette palette)
    {
        var width = palette.Commands.Select(command => command.Name.Length).DefaultIfEmpty().Max();
        return palette.Commands.Select(command => $"{palette.Name} {command.Name.PadRight(width)}  {command.Description}");
    }

    private static IEnumerable<string> Lines(ShownPalette palette, ShownCommand command)
    {
        yield return $"{palette.Name} {command.Name}{string.Concat(command.Arguments.Select(Usage))}";
        yield return command.Description;
        var rows = command.Arguments.Select(argument => (Switches: string.Join(", ", argument.Switches), Words: Words(argument))).ToList();
        var width = rows.Select(row => row.Switches.Length).DefaultIfEmpty().Max();
        foreach (var (switches, words) in rows) yield return $"  {switches.PadRight(width)}  {words}";
    }

    private static string Usage(ShownArgument argument)
    {
        var once = $"{argument.Switches[0]} {argument.Name.ToUpperInvariant()}";
        var usage = argument.IsMandatory ? once : $"[{once}]";
        return argument.AllowsMultiple ? $" {usage}..." : $" {usage}";
    }

    private static string Words(ShownArgument argument) => string.Concat(
        argument.Description,
        argument.Default.Length > 0 ? $" (default: {argument.Default})" : "",
        argument.Suggestions.Count > 0 ? $"; such as {string.Join(", ", argument.Suggestions)}" : "");
}
