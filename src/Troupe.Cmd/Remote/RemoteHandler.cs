using Akka.Actor;
using Akka.Remote;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd.Remote;

/// <summary>Answers palette <c>remote</c>. While a client follows the lines, this actor hears of them, until it ends with the command.</summary>
internal sealed class RemoteHandler : CommandHandlerActor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private IActorRef? _follower;

    public RemoteHandler() : base(RemoteCommands.Commands)
    {
        Process(RemoteCommands.Show.Name, _ => Context.ActorSelection($"/user/{LineWatcher.Name}")
            .Ask<LineWatcher.Lines>(new LineWatcher.GetLines(), Patience)
            .PipeTo(
                Sender, success: lines => Shown(lines.Values),
                failure: _ => new ErroredCommandResponse("No answer in time. Nothing was changed; try again.")));
        Process(RemoteCommands.Tail.Name, _ =>
        {
            _follower = Sender;
            Context.System.EventStream.Subscribe(Self, typeof(AssociationEvent));
        });
        Receive<AssociationEvent>(happened => _follower?.Tell(
            new CommandResponse(LineWatcher.Describe(happened), final: false)));
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private static List<CommandResponse> Shown(IReadOnlyList<string> lines) =>
        [.. lines.Select(line => new CommandResponse(line, final: false)), new CommandResponse($"Count: {lines.Count} lines")];
}
