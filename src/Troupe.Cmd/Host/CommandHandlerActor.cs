using Akka.Actor;

namespace Petabridge.Cmd.Host;

/// <summary>
/// Answers the commands of a palette to their sender: lines that are not final, then one that is. One for each client; it ends with it.
/// </summary>
public abstract class CommandHandlerActor : ReceiveActor
{
    private readonly CommandPalette _palette;
    private readonly Dictionary<string, Action<Command>> _handlers = [];

    protected CommandHandlerActor(CommandPalette palette)
    {
        _palette = palette;
        Receive<Command>(Handle);
    }

    protected void Process(string commandName, Action<Command> handler) => _handlers[commandName] = handler;

    protected void Process(string commandName, Action<Command, ParsedArguments> handler)
    {
        var definition = _palette.Find(commandName)
            ?? throw new ArgumentException($"Palette '{_palette.ModuleName}' has no command '{commandName}'.", nameof(commandName));
        _handlers[commandName] = command => handler(command, new ParsedArguments(definition, command));
    }

    /// <summary>A handler that fails has said so before its supervisor is told.</summary>
    private void Handle(Command command)
    {
        if (!_handlers.TryGetValue(command.Name, out var handler))
        {
            Sender.Tell(new ErroredCommandResponse($"'{_palette.ModuleName} {command.Name}' is not served here. Nothing was done."));
            return;
        }
        try
        {
            handler(command);
        }
        catch (Exception problem)
        {
            Sender.Tell(new ErroredCommandResponse(
                $"'{_palette.ModuleName} {command.Name}' broke off ({problem.Message}). What it had begun may be done; this node's log says more."));
            throw;
        }
    }
}
