using System.Collections.Immutable;

namespace Petabridge.Cmd;

/// <summary>One argument of a command.</summary>
/// <param name="SwitchList">How it is typed, in the order in which that was said.</param>
/// <param name="Default">What it is when it is left out; null for nothing.</param>
/// <param name="Suggestions">What a client may suggest.</param>
internal sealed record ArgumentDefinition(
    string Name, string Description, ImmutableList<string> SwitchList, bool IsMandatory, bool AllowsMultiple, string? Default,
    ImmutableList<string> Suggestions)
{
    public ImmutableHashSet<string> Switches { get; } = [.. SwitchList];
}
