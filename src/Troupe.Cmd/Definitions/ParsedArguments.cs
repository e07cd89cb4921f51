namespace Petabridge.Cmd;

/// <summary>A command's arguments by their names, with defaults where nothing was given.</summary>
public sealed class ParsedArguments
{
    private readonly ILookup<string, string> _values;

    internal ParsedArguments(CommandDefinition definition, Command command)
    {
        var given = from argument in command.Arguments
                    let known = definition.ArgumentOf(argument.Item1)
                    where known is not null
                    select (known.Name, Value: argument.Item2);
        var said = given.ToList();
        var left = from argument in definition.Arguments
                   where argument.Default is not null && said.TrueForAll(one => one.Name != argument.Name)
                   select (argument.Name, Value: argument.Default!);
        _values = said.Concat(left).ToLookup(one => one.Name, one => one.Value);
    }

    /// <summary>Every value that was given, or else the default; empty when there is neither.</summary>
    public IEnumerable<string> ArgumentValues(string name) => _values[name];
}
