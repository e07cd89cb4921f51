using Akka.Actor;

namespace Petabridge.Cmd.Host;

/// <summary>
/// Whom a handler answers while one command runs. What comes after the command has ended finds it stopped, and so is never taken for the answer to
/// the next one.
/// </summary>
internal sealed class CommandRun : ReceiveActor
{
    public CommandRun()
    {
        Receive<CommandResponse>(Pass);
        Receive<IEnumerable<CommandResponse>>(responses =>
        {
            foreach (var response in responses) Pass(response);
        });
        Receive<Status.Failure>(failure => Pass(new ErroredCommandResponse(
            $"The command broke off ({failure.Cause.Message}). What it had begun may be done; this node's log may say more.")));
    }

    private void Pass(CommandResponse response) => Context.Parent.Tell(new Responded(Self, response));

    /// <param name="Run">The command that it belongs to.</param>
    public sealed record Responded(IActorRef Run, CommandResponse Response);
}
