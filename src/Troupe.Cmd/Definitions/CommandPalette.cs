using System.Collections.Immutable;

namespace Petabridge.Cmd;

/// <summary>Commands that belong together, under the word that is typed before theirs. Immutable.</summary>
public sealed class CommandPalette
{
    /// <exception cref="ArgumentException">The name is no word, or two commands have the same.</exception>
    public CommandPalette(string moduleName, IEnumerable<CommandDefinition> commands)
    {
        ModuleName = Words.Checked(moduleName);
        Commands = [.. commands];
        if (Commands.Select(command => command.Name).Distinct().Count() != Commands.Count)
            throw new ArgumentException($"Two commands of palette '{moduleName}' have the same name.", nameof(commands));
    }

    public string ModuleName { get; }

    internal ImmutableList<CommandDefinition> Commands { get; }

    internal CommandDefinition? Find(string name) => Commands.Find(command => command.Name == name);
}
