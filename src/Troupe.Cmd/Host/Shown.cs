using Petabridge.Cmd.Protocol;

namespace Petabridge.Cmd.Host;

/// <summary>Definitions as a client is told of them.</summary>
internal static class Shown
{
    public static ShownPalette Of(CommandPalette palette) => new(palette.ModuleName, [.. palette.Commands.Select(Of)]);

    private static ShownCommand Of(CommandDefinition command) => new(command.Name, command.Description, [.. command.Arguments.Select(Of)]);

    private static ShownArgument Of(ArgumentDefinition argument) => new(
        argument.Name, argument.Description, argument.SwitchList, argument.IsMandatory, argument.AllowsMultiple, argument.Default ?? "", argument.Suggestions);
}
