namespace Petabridge.Cmd;

/// <summary>A command as it was given: each switch with its value, in order.</summary>
public sealed class Command
{
    private readonly Tuple<string, string>[] _arguments;

    public Command(string palette, string name, Tuple<string, string>[] arguments) =>
        (Palette, Name, _arguments) = (palette, name, [.. arguments]);

    public IEnumerable<Tuple<string, string>> Arguments => _arguments;

    public string Name { get; }

    internal string Palette { get; }
}
