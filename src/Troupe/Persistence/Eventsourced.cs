using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Util;

namespace Akka.Persistence;

/// <summary>
/// Base of the persistent actors: state that is the result of events, which are in the journal before they have an effect.
/// <para>It recovers first: a permit, the youngest snapshot, the events after it, <see cref="RecoveryCompleted"/>. Only then
/// come commands, in the order in which they were sent. (Eventsourced.Recovery.cs)</para>
/// <para>A command may persist events. Their handlers run when the journal has them, in the order of the calls; until all
/// handlers of Persist have run, other commands wait in a stash of its own. (Eventsourced.Writing.cs)</para>
/// Invariants:
/// <list type="number">
/// <item>At most one batch of events is at the journal; what is persisted meanwhile is the next one.</item>
/// <item>An answer of the journal is for the instance that wrote; a restarted actor ignores those to the one before it.</item>
/// <item>The pending handlers are in the order of their events' sequence numbers, and the journal answers in it.</item>
/// <item>It holds a recovery permit from the first snapshot request until recovery ends.</item>
/// </list>
/// </summary>
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IPersistenceRecovery, IWithUnboundedStash
{
    /// <summary>Which stashed messages go back to the mailbox on a restart: not those that only this instance understands.</summary>
    public static readonly Func<Envelope, bool> UnstashFilterPredicate =
        static envelope => envelope.Message is not (WriteMessageSuccess or ReplayedMessage);

    private static int s_instances;

    private readonly int _instance = Interlocked.Increment(ref s_instances);
    private readonly string _writer = NewWriterGuid();
    private readonly IStash _internalStash;
    private Phase _phase = Phase.AwaitingPermit;
    private long _sequenceNr;
    private bool _asyncTaskRunning;

    protected Eventsourced()
    {
        Extension = Persistence.Instance.Apply(Context.System);
        _internalStash = Context.CreateStash(GetType());
        Stash = new CommandStash(Context.CreateStash(GetType()), _internalStash);
    }

    private enum Phase
    {
        AwaitingPermit,
        LoadingSnapshot,
        Replaying,
        ProcessingCommands,
        Persisting,
    }

    public abstract string PersistenceId { get; }

    public virtual Recovery Recovery => Recovery.Default;

    public string? JournalPluginId { get; set; }

    public string? SnapshotPluginId { get; set; }

    public IActorRef Journal => field ??= Extension.JournalFor(JournalPluginId!);

    public IActorRef SnapshotStore => field ??= Extension.SnapshotStoreFor(SnapshotPluginId!);

    /// <summary>Whose snapshots: by default the persistence id.</summary>
    public string SnapshotterId => PersistenceId;

    /// <summary>The event whose handler runs, or ran last, here or before the recovery.</summary>
    public long LastSequenceNr { get; private set; }

    /// <summary>The event that a snapshot saved now would be the state after.</summary>
    public long SnapshotSequenceNr => LastSequenceNr;

    /// <summary>Events are being replayed; false while RecoveryCompleted is handled.</summary>
    public bool IsRecovering { get; private set; } = true;

    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>For the actor's own use. What it unstashes comes before the commands that wait for a write.</summary>
    public IStash Stash { get; set; }

    protected PersistenceExtension Extension { get; }

    protected virtual ILoggingAdapter Log => field ??= Context.GetLogger();

    public override void AroundPreStart()
    {
        if (string.IsNullOrEmpty(PersistenceId))
            throw new ArgumentException($"PersistenceId is null or empty in {GetType()}: give it the same id at each start.");
        _ = Journal; // a wrong plugin id fails here and not at the first event
        _ = SnapshotStore;
        RequestPermit();
        base.AroundPreStart();
    }

    public override void AroundPreRestart(Exception cause, object message)
    {
        try
        {
            _internalStash.UnstashAll();
            (Stash as CommandStash)?.ReturnAll(UnstashFilterPredicate);
        }
        finally
        {
            LeaveRecovery();
            FlushJournalBatch();
            base.AroundPreRestart(cause, message switch
            {
                WriteMessageSuccess written => written.Persistent,
                LoopMessageSuccess loop => loop.Message,
                ReplayedMessage replayed => replayed.Persistent,
                _ => message,
            });
        }
    }

    public override void AroundPostRestart(Exception cause, object message)
    {
        RequestPermit();
        base.AroundPostRestart(cause, message);
    }

    public override void AroundPostStop()
    {
        try
        {
            LeaveRecovery();
            _internalStash.UnstashAll();
            (Stash as CommandStash)?.ReturnAll(UnstashFilterPredicate);
        }
        finally
        {
            base.AroundPostStop();
        }
    }

    /// <summary>Deletes this actor's events up to that one, for good. A DeleteMessagesSuccess or -Failure comes back.</summary>
    public void DeleteMessages(long toSequenceNr)
    {
        if (toSequenceNr == long.MaxValue || toSequenceNr <= LastSequenceNr)
            Journal.Tell(new DeleteMessagesTo(PersistenceId, toSequenceNr, Self));
        else
            Self.Tell(new DeleteMessagesFailure(
                new ArgumentException(
                    $"Events up to {toSequenceNr} cannot be deleted: the last one is {LastSequenceNr}. Nothing was deleted."),
                toSequenceNr));
    }

    /// <summary>Asks for a snapshot; the result comes as a command.</summary>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) =>
        SnapshotStore.Tell(new LoadSnapshot(persistenceId, criteria, toSequenceNr));

    /// <summary>Saves the state after the last event. A SaveSnapshotSuccess or -Failure comes back.</summary>
    public void SaveSnapshot(object snapshot) => SnapshotStore.Tell(
        new SaveSnapshot(new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, Now), snapshot));

    /// <summary>Deletes one snapshot. A DeleteSnapshotSuccess or -Failure comes back.</summary>
    public void DeleteSnapshot(long sequenceNr) =>
        SnapshotStore.Tell(new DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr, DateTime.MinValue)));

    /// <summary>Deletes the snapshots that fit. A DeleteSnapshotsSuccess or -Failure comes back.</summary>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) =>
        SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria));

    protected abstract bool ReceiveRecover(object message);

    protected abstract bool ReceiveCommand(object message);

    protected override bool AroundReceive(Receive receive, object message)
    {
        switch (_phase)
        {
            case Phase.AwaitingPermit:
                AwaitPermit(message);
                break;
            case Phase.LoadingSnapshot:
                AwaitSnapshot(message);
                break;
            case Phase.Replaying:
                AwaitEvents(message);
                break;
            default:
                if (!TryHandleAnswer(message)) HandleCommand(receive, message);
                break;
        }

        return true;
    }

    /// <summary>Runs an asynchronous command handler; the next command waits for its end.</summary>
    protected void RunTask(Func<Task> action)
    {
        if (_asyncTaskRunning) throw new NotSupportedException("RunTask calls cannot be nested");
        _asyncTaskRunning = true;
        ActorTaskScheduler.RunTask(async () =>
        {
            var failed = true;
            try
            {
                await action();
                failed = false;
            }
            finally
            {
                _asyncTaskRunning = false;
                CommandHandled(failed);
            }
        });
    }

    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
            case SnapshotOffer when IsRecovering:
                break;
            case SaveSnapshotFailure or DeleteSnapshotFailure or DeleteSnapshotsFailure or DeleteMessagesFailure:
                Log.Warning("{0} of persistence id [{1}]: {2}", message.GetType().Name, PersistenceId, message);
                break;
            default:
                base.Unhandled(message);
                break;
        }
    }

    private DateTime Now => Context.System.Scheduler.Now.UtcDateTime;

    private static string NewWriterGuid()
    {
        var entropy = ((ActorSystemImpl)Context.System).Seams.Entropy;
        return $"{entropy.NextInt64():x16}{entropy.NextInt64():x16}";
    }
}
