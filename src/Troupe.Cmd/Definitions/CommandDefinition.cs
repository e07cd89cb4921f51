using System.Collections.Immutable;

namespace Petabridge.Cmd;

/// <summary>A command: its name, what it does, and what can be said with it. Immutable.</summary>
public sealed class CommandDefinition
{
    internal CommandDefinition(string name, string description, ImmutableList<ArgumentDefinition> arguments) =>
        (Name, Description, Arguments) = (name, description, arguments);

    public string Description { get; }

    public string Name { get; }

    internal ImmutableList<ArgumentDefinition> Arguments { get; }

    internal ArgumentDefinition? ArgumentOf(string @switch) => Arguments.Find(argument => argument.Switches.Contains(@switch));
}
