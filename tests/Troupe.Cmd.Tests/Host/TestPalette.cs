using Akka.Actor;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace Troupe.Cmd.Tests.Host;

/// <summary>Palette <c>test</c>: a command for each way in which a handler can behave.</summary>
internal sealed class TestPalette() : CommandPaletteHandler(Commands)
{
    public static readonly CommandPalette Commands = new("test",
    [
        .. new[] { "lines", "piped", "fails", "throws", "stops", "failed-task", "endless", "who", "flood" }
            .Select(name => new CommandDefinitionBuilder().WithName(name).WithDescription(name).Build()),
        new CommandDefinitionBuilder().WithName("echo").WithDescription("echo")
            .WithArgument(b => b.WithName("text").AllowMultiple(true).WithSwitch("-t").WithSwitch("--text").WithDefaultValue("nothing")).Build(),
    ]);

    /// <summary>How often it was registered.</summary>
    public int Registered { get; private set; }

    public override Props HandlerProps => Props.Create(() => new Handler());

    public override void OnRegister(PetabridgeCmd plugin) => Registered++;

    private sealed class Handler : CommandHandlerActor
    {
        public Handler() : base(Commands)
        {
            Process("lines", _ =>
            {
                foreach (var line in (string[])["one", "two"]) Sender.Tell(new CommandResponse(line, final: false));
                Sender.Tell(CommandResponse.Empty);
            });
            Process("piped", _ => Task.FromResult("all").PipeTo(
                Sender, success: word => new List<CommandResponse> { new(word, final: false), CommandResponse.Empty }));
            Process("fails", _ => Sender.Tell(new ErroredCommandResponse("It cannot be done. Nothing was changed.")));
            Process("throws", _ => throw new InvalidOperationException("out of luck"));
            Process("stops", _ => Context.Stop(Self));
            Process("failed-task", _ => Task.FromException<string>(new InvalidOperationException("out of reach")).PipeTo(Sender));
            Process("endless", _ => Sender.Tell(new CommandResponse("begun", final: false)));
            Process("who", _ => Sender.Tell(new CommandResponse(Self.Path.ToStringWithoutAddress())));
            Process("flood", _ =>
            {
                var line = new CommandResponse(new string('x', 100_000), final: false);
                for (var i = 0; i < 200; i++) Sender.Tell(line);
            });
            Process("echo", (_, arguments) => Sender.Tell(new CommandResponse(string.Join('+', arguments.ArgumentValues("text")))));
        }
    }
}
