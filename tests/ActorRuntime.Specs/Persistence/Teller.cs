using Akka.Actor;
using Akka.Persistence;

namespace ActorRuntime.Specs.Persistence;

/// <summary>
/// Keeps the texts it was told, and reports everything: "replayed x", "recovered", "x" when the event x takes effect. Commands: a
/// text is persisted, others are the records below.
/// </summary>
public class Teller : ReceivePersistentActor
{
    private readonly IActorRef _report;
    private readonly Recovery? _recovery;

    public Teller(string pid, IActorRef report)
        : this(pid, report, null)
    {
    }

    public Teller(string pid, IActorRef report, Recovery? recovery)
    {
        PersistenceId = pid;
        _report = report;
        _recovery = recovery;
        Recover<SnapshotOffer>(offer =>
        {
            Said.AddRange((string[])offer.Snapshot);
            Report("offered " + string.Join(' ', Said));
        });
        Recover<string>(text =>
        {
            Said.Add(text);
            Report("replayed " + text);
            if (text == "poison") throw new InvalidOperationException("on purpose, in recovery");
        });
        Recover<RecoveryCompleted>(_ => Report("recovered"));
        Declare();
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => _recovery ?? Recovery.Default;

    protected List<string> Said { get; } = [];

    protected virtual void Declare()
    {
        Command<string>(text => Persist(text, Say));
        Command<Several>(several => PersistAll(several.Texts, Say));
        Command<Loosely>(loosely => PersistAsync(loosely.Text, Say));
        Command<Later>(later => DeferAsync(later.Text, text => Report(text)));
        Command<Ping>(ping => Sender.Tell($"pong {ping.Text}, after {LastSequenceNr}: {string.Join(' ', Said)}"));
        Command<Crash>(_ => throw new InvalidOperationException("on purpose"));
        Command<TakeSnapshot>(_ => SaveSnapshot(Said.ToArray()));
        Command<DeleteUpTo>(delete => DeleteMessages(delete.SequenceNr));
        CommandAny(message => _report.Tell(message));
    }

    protected void Say(string text)
    {
        Said.Add(text);
        Report(text);
    }

    protected void Report(string text) => _report.Tell(text, Sender);

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Report($"failed {@event} at {sequenceNr}: {cause.Message}");

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Report($"refused {@event} at {sequenceNr}: {cause.Message}");

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Report($"recovery failed at {message ?? "nothing"}: {reason.Message}");

    public sealed record Several(params string[] Texts);

    public sealed record Loosely(string Text);

    public sealed record Later(string Text);

    public sealed record Ping(string Text);

    public sealed record Crash;

    public sealed record TakeSnapshot;

    public sealed record DeleteUpTo(long SequenceNr);
}
