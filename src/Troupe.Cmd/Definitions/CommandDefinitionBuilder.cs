namespace Petabridge.Cmd;

/// <summary>Puts a <see cref="CommandDefinition"/> together.</summary>
public sealed class CommandDefinitionBuilder
{
    private readonly List<ArgumentDefinition> _arguments = [];
    private string _name = "";
    private string _description = "";

    /// <summary>The word that is typed after the palette's.</summary>
    public CommandDefinitionBuilder WithName(string name)
    {
        _name = name;
        return this;
    }

    /// <summary>What the command does, in a sentence.</summary>
    public CommandDefinitionBuilder WithDescription(string description)
    {
        _description = description;
        return this;
    }

    /// <exception cref="ArgumentException">It has no name or no switch, or one that another argument has.</exception>
    public CommandDefinitionBuilder WithArgument(Func<ArgumentBuilder, ArgumentBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var argument = configure(new ArgumentBuilder()).Build();
        if (_arguments.Any(other => other.Name == argument.Name || other.Switches.Overlaps(argument.Switches)))
            throw new ArgumentException($"Argument '{argument.Name}' of '{_name}' has a name or a switch that another one has.", nameof(configure));
        _arguments.Add(argument);
        return this;
    }

    /// <exception cref="ArgumentException">The name is no word.</exception>
    public CommandDefinition Build() => new(Words.Checked(_name), _description, [.. _arguments]);
}
