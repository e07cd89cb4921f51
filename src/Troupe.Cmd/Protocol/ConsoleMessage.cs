namespace Petabridge.Cmd.Protocol;

/// <summary>What a client and a host of the console say to each other; docs/formats/console.md has the grammar.</summary>
internal abstract record ConsoleMessage
{
    private ConsoleMessage()
    {
    }

    /// <summary>First from a client.</summary>
    public sealed record Hello(byte Version, string Password) : ConsoleMessage;

    /// <summary>The answer: who the host is, and everything that can be typed.</summary>
    public sealed record Welcome(byte Version, string Host, IReadOnlyList<ShownPalette> Palettes) : ConsoleMessage;

    /// <summary>Why there is no welcome, or no longer one. The host closes the connection.</summary>
    public sealed record Refused(string Why) : ConsoleMessage;

    /// <summary>A line as it was typed. Another one may be sent once this one has ended.</summary>
    public sealed record Run(string Line) : ConsoleMessage;

    /// <summary>Some of the answer.</summary>
    public sealed record Output(string Text) : ConsoleMessage;

    /// <summary>The end of the answer. A text that is empty is no line.</summary>
    public sealed record End(bool HasFailed, string Text) : ConsoleMessage;

    /// <summary>Ends the command that runs, if one does; <see cref="End"/> follows.</summary>
    public sealed record Cancel : ConsoleMessage;
}

/// <summary>A palette, as a client shows it.</summary>
internal sealed record ShownPalette(string Name, IReadOnlyList<ShownCommand> Commands);

/// <summary>A command, as a client shows it.</summary>
internal sealed record ShownCommand(string Name, string Description, IReadOnlyList<ShownArgument> Arguments);

/// <summary>An argument, as a client shows it.</summary>
internal sealed record ShownArgument(
    string Name, string Description, IReadOnlyList<string> Switches, bool IsMandatory, bool AllowsMultiple, string Default,
    IReadOnlyList<string> Suggestions);
