using Akka.Actor;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd.BuiltIn;

/// <summary>Palette <c>log</c>: the last entries of this process's log, those that come, and one's own.</summary>
internal sealed class LogPalette() : CommandPaletteHandler(Commands)
{
    public static readonly CommandDefinition Peek = new CommandDefinitionBuilder()
        .WithName("peek").WithDescription("The last entries of the log.")
        .WithArgument(b => b.WithName("count").WithDescription("how many").WithSwitch("-n").WithSwitch("--count").WithDefaultValue("20"))
        .WithArgument(WithLevel)
        .Build();

    public static readonly CommandDefinition Tail = new CommandDefinitionBuilder()
        .WithName("tail").WithDescription("The entries that come from now on, until it is called off.").WithArgument(WithLevel).Build();

    public static readonly CommandDefinition Append = new CommandDefinitionBuilder()
        .WithName("append").WithDescription("Write an entry into the log, for whoever reads it later.")
        .WithArgument(b => b.WithName("message").WithDescription("what it says").IsMandatory(true).WithSwitch("-m").WithSwitch("--message"))
        .Build();

    public static readonly CommandPalette Commands = new("log", [Peek, Tail, Append]);

    public override Props HandlerProps => Props.Create(() => new LogHandler());

    public override void OnRegister(PetabridgeCmd plugin) => plugin.Sys.ActorOf(Props.Create(() => new LogMemorizer()), LogMemorizer.Name);

    private static ArgumentBuilder WithLevel(ArgumentBuilder b) => b.WithName("level").WithDescription("those of this level and graver ones alone")
        .WithSwitch("-l").WithSwitch("--level").WithDefaultValue("debug").WithDefaultValues("debug", "info", "warning", "error");
}
