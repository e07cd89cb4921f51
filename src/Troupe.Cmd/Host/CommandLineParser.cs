using System.Collections.Immutable;
using Petabridge.Cmd.Shell;

namespace Petabridge.Cmd.Host;

/// <summary>Makes a command of a line that was typed, by what the palettes know. Pure.</summary>
internal static class CommandLineParser
{
    /// <summary>The command, or why the line is none; nothing has been done in either case.</summary>
    public static (Command? Command, string Wrong) Parse(string line, IReadOnlyCollection<CommandPalette> palettes)
    {
        if (TypedLine.Split(line) is not { } words) return (null, "A quote is not closed, or the line ends with a backslash. Nothing was done.");
        if (words.Length == 0) return (null, "There is no command. Nothing was done; 'help' lists what there is.");
        if (palettes.FirstOrDefault(known => known.ModuleName == words[0]) is not { } palette)
            return (null, $"There is no palette '{words[0]}'. Nothing was done; there are {Listed(palettes.Select(known => known.ModuleName))}.");
        var commands = Listed(palette.Commands.Select(known => known.Name));
        if (words.Length == 1) return (null, $"'{palette.ModuleName}' wants a command after it. Nothing was done; there are {commands}.");
        if (palette.Find(words[1]) is not { } definition)
            return (null, $"There is no command '{palette.ModuleName} {words[1]}'. Nothing was done; there are {commands}.");
        var name = $"{palette.ModuleName} {definition.Name}";
        var (arguments, wrong) = ArgumentsOf(name, definition, words);
        return wrong is null ? (new Command(palette.ModuleName, definition.Name, [.. arguments]), "") : (null, wrong);
    }

    /// <summary>Each switch with the word after it; with none where another switch or the end of the line follows.</summary>
    private static (ImmutableList<Tuple<string, string>> Arguments, string? Wrong) ArgumentsOf(
        string name, CommandDefinition definition, string[] words)
    {
        var arguments = ImmutableList<Tuple<string, string>>.Empty;
        for (var i = 2; i < words.Length; i++)
        {
            if (definition.ArgumentOf(words[i]) is not { } argument)
                return (arguments, $"'{words[i]}' is no switch of '{name}'. Nothing was done; {Switches(definition)}.");
            if (!argument.AllowsMultiple && arguments.Exists(given => argument.Switches.Contains(given.Item1)))
                return (arguments, $"'{name}' takes {words[i]} once. Nothing was done.");
            var hasValue = i + 1 < words.Length && definition.ArgumentOf(words[i + 1]) is null;
            arguments = arguments.Add(Tuple.Create(words[i], hasValue ? words[++i] : ""));
        }
        var missing = definition.Arguments.Find(
            argument => argument is { IsMandatory: true, Default: null } && !arguments.Exists(given => argument.Switches.Contains(given.Item1)));
        return (arguments, missing is null ? null : $"'{name}' wants {missing.SwitchList[0]} ({missing.Description}). Nothing was done.");
    }

    private static string Switches(CommandDefinition definition) => definition.Arguments.Count == 0
        ? "it takes none"
        : $"it takes {Listed(definition.Arguments.Select(argument => argument.SwitchList[0]))}";

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names);
}
