using Petabridge.Cmd.Protocol;

namespace Petabridge.Cmd.Shell;

/// <summary>What may come next in a line, by the palettes that a node has told of: palettes, commands, switches, suggested values. Pure.</summary>
internal static class Completion
{
    /// <summary>The words of a client itself.</summary>
    public static readonly string[] Own = ["help", "exit"];

    /// <summary>The words that can stand in the place of the last one, which may be empty; sorted.</summary>
    public static IReadOnlyList<string> Of(string line, IReadOnlyList<ShownPalette> palettes)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var begun = line.Length == 0 || line.EndsWith(' ') ? "" : words[^1];
        if (begun.Length > 0) words.RemoveAt(words.Count - 1);
        return [.. After(words, palettes).Where(word => word.StartsWith(begun, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> After(List<string> words, IReadOnlyList<ShownPalette> palettes)
    {
        if (words is ["help", .. var topic]) words = topic;
        else if (words.Count == 0) return palettes.Select(palette => palette.Name).Concat(Own);
        if (words.Count == 0) return palettes.Select(palette => palette.Name);
        if (palettes.FirstOrDefault(palette => palette.Name == words[0]) is not { } found) return [];
        if (words.Count == 1) return found.Commands.Select(command => command.Name);
        if (found.Commands.FirstOrDefault(command => command.Name == words[1]) is not { } given) return [];
        var last = given.Arguments.FirstOrDefault(argument => argument.Switches.Contains(words[^1]));
        if (last is { Suggestions.Count: > 0 }) return last.Suggestions;
        return given.Arguments.Where(argument => argument.AllowsMultiple || !argument.Switches.Any(words.Contains)).SelectMany(argument => argument.Switches);
    }
}
