using Akka.Actor;
using Akka.Event;

namespace Petabridge.Cmd.BuiltIn;

/// <summary>Remembers the last entries of the log, as many and as long as a console shows. What the process does not log is not here either.</summary>
internal sealed class LogMemorizer : ReceiveActor
{
    public const string Name = "petabridge.cmd-log-memorizer";
    public const int MaxEntries = 500;
    private const int MaxLength = 4_096;
    private readonly Queue<Entry> _entries = [];

    public LogMemorizer()
    {
        Receive<LogEvent>(entry =>
        {
            if (_entries.Count == MaxEntries) _entries.Dequeue();
            _entries.Enqueue(EntryOf(entry));
        });
        Receive<GetEntries>(asked => Sender.Tell(new Entries([.. _entries.Where(entry => entry.Level >= asked.Level).TakeLast(asked.Count)])));
    }

    public static Entry EntryOf(LogEvent entry)
    {
        var text = entry.ToString();
        return new Entry(entry.LogLevel(), text.Length <= MaxLength ? text : $"{text[..MaxLength]}...");
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(LogEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>Answered by <see cref="Entries"/>.</summary>
    public sealed record GetEntries(int Count, LogLevel Level);

    /// <summary>The oldest first.</summary>
    public sealed record Entries(IReadOnlyList<Entry> Values);

    public sealed record Entry(LogLevel Level, string Text);
}
