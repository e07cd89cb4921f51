using System.Globalization;
using Akka.Actor;
using Akka.Event;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd.BuiltIn;

/// <summary>Answers palette <c>log</c>. While a client follows the log, this actor hears of each entry, until it ends with the command.</summary>
internal sealed class LogHandler : CommandHandlerActor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<string, LogLevel> Levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["debug"] = LogLevel.DebugLevel, ["info"] = LogLevel.InfoLevel, ["warning"] = LogLevel.WarningLevel, ["error"] = LogLevel.ErrorLevel,
    };

    private IActorRef? _follower;
    private LogLevel _followed;

    public LogHandler() : base(LogPalette.Commands)
    {
        Process(LogPalette.Peek.Name, (_, arguments) => WithLevel(arguments, level => Peek(arguments.ArgumentValues("count").Last(), level)));
        Process(LogPalette.Tail.Name, (_, arguments) => WithLevel(arguments, level =>
        {
            (_follower, _followed) = (Sender, level);
            Context.System.EventStream.Subscribe(Self, typeof(LogEvent));
        }));
        Process(LogPalette.Append.Name, (_, arguments) =>
        {
            Context.GetLogger().Info("From the console: {0}", arguments.ArgumentValues("message").Last());
            Sender.Say("written");
        });
        Receive<LogEvent>(entry =>
        {
            if (entry.LogLevel() >= _followed) _follower?.Tell(new CommandResponse(LogMemorizer.EntryOf(entry).Text, final: false));
        });
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void Peek(string text, LogLevel level)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > LogMemorizer.MaxEntries)
        {
            Sender.Refuse($"-n is a number from 1 to {LogMemorizer.MaxEntries}; '{text}' is none. Nothing was done.");
            return;
        }
        Context.ActorSelection($"/user/{LogMemorizer.Name}").Ask<LogMemorizer.Entries>(new LogMemorizer.GetEntries(count, level), Patience).PipeTo(
            Sender,
            success: entries => Shown(entries.Values),
            failure: _ => new ErroredCommandResponse("No answer in time. Nothing was changed; try again."));
    }

    private static List<CommandResponse> Shown(IReadOnlyList<LogMemorizer.Entry> entries) =>
        [.. entries.Select(entry => new CommandResponse(entry.Text, final: false)), new CommandResponse($"Count: {entries.Count} entries")];

    private void WithLevel(ParsedArguments arguments, Action<LogLevel> then)
    {
        var text = arguments.ArgumentValues("level").Last();
        if (Levels.TryGetValue(text, out var level)) then(level);
        else Sender.Refuse($"'{text}' is no level: {string.Join(", ", Levels.Keys)} are. Nothing was done.");
    }
}
