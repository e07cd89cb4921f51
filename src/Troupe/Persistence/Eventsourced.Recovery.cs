using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    private bool _holdsPermit;
    private bool _eventSeen;
    private ICancelable? _recoveryTimer;

    /// <summary>Called when the last event has been replayed, before RecoveryCompleted.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    /// <summary>Recovery has failed; the actor stops after this. By default it logs the reason as an error.</summary>
    /// <param name="reason">What the plugin, or the handler of an event, has thrown.</param>
    /// <param name="message">The event that was being handled, if any.</param>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (message is null)
            Log.Error(reason, "Persistence failure when replaying events for persistenceId [{0}]. Last known sequence number [{1}]",
                PersistenceId, LastSequenceNr);
        else
            Log.Error(reason,
                "Exception in ReceiveRecover when replaying event type [{0}] with sequence number [{1}] for persistenceId [{2}]",
                message.GetType(), LastSequenceNr, PersistenceId);
    }

    private void RequestPermit() => Extension.RecoveryPermitter.Tell(RequestRecoveryPermit.Instance, Self);

    private void AwaitPermit(object message)
    {
        if (message is not RecoveryPermitGranted)
        {
            _internalStash.Stash();
            return;
        }

        _holdsPermit = true;
        _phase = Phase.LoadingSnapshot;
        StartTimer(snapshot: true);
        var recovery = Recovery;
        LoadSnapshot(SnapshotterId, recovery.FromSnapshot, recovery.ToSequenceNr);
    }

    private void AwaitSnapshot(object message)
    {
        switch (message)
        {
            case LoadSnapshotResult loaded:
                StartReplay(loaded);
                break;
            case LoadSnapshotFailed failed:
                FailRecovery(failed.Cause, null);
                break;
            case RecoveryTick { Snapshot: true }:
                FailRecovery(
                    new RecoveryTimedOutException(
                        $"The snapshot store has not answered for {RecoveryTimeout} while [{PersistenceId}] was recovering."), null);
                break;
            case RecoveryTick:
                break;
            default:
                _internalStash.Stash();
                break;
        }
    }

    private void StartReplay(LoadSnapshotResult loaded)
    {
        if (loaded.Snapshot is { } snapshot)
        {
            _sequenceNr = LastSequenceNr = snapshot.Metadata.SequenceNr;
            if (!TryRecover(new SnapshotOffer(snapshot.Metadata, snapshot.Snapshot))) return;
        }

        _phase = Phase.Replaying;
        StartTimer(snapshot: false);
        Journal.Tell(new ReplayMessages(LastSequenceNr + 1, loaded.ToSequenceNr, Recovery.ReplayMax, PersistenceId, Self));
    }

    private void AwaitEvents(object message)
    {
        switch (message)
        {
            case ReplayedMessage replayed:
                _eventSeen = true;
                _sequenceNr = LastSequenceNr = replayed.Persistent.SequenceNr;
                TryRecover(replayed.Persistent.Payload);
                break;
            case RecoverySuccess success:
                EndReplay(success);
                break;
            case ReplayMessagesFailure failed:
                FailRecovery(failed.Cause, null);
                break;
            case RecoveryTick { Snapshot: false } when _eventSeen:
                _eventSeen = false;
                break;
            case RecoveryTick { Snapshot: false }:
                FailRecovery(
                    new RecoveryTimedOutException(
                        $"The journal has sent no event for {RecoveryTimeout} while [{PersistenceId}] was recovering; "
                        + $"the last was {LastSequenceNr}."), null);
                break;
            case RecoveryTick:
                break;
            default:
                _internalStash.Stash();
                break;
        }
    }

    private void EndReplay(RecoverySuccess success)
    {
        LeaveRecovery();
        OnReplaySuccess();
        _sequenceNr = LastSequenceNr = Math.Max(success.HighestSequenceNr, LastSequenceNr);
        IsRecovering = false;
        _phase = Phase.ProcessingCommands;
        try
        {
            base.AroundReceive(ReceiveRecover, RecoveryCompleted.Instance);
        }
        finally
        {
            FlushBatch();
            if (_pendingStashing > 0) _phase = Phase.Persisting;
            else _internalStash.UnstashAll();
        }
    }

    /// <summary>Hands the actor what it recovers from; false: it failed, and stops.</summary>
    private bool TryRecover(object message)
    {
        try
        {
            base.AroundReceive(ReceiveRecover, message);
            return true;
        }
        catch (Exception e)
        {
            FailRecovery(e, message);
            return false;
        }
    }

    private void FailRecovery(Exception reason, object? message)
    {
        LeaveRecovery();
        try
        {
            OnRecoveryFailure(reason, message);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    private TimeSpan RecoveryTimeout => PersistenceExtension
        .ConfigOf(Context.System, Journal.Path.Name, "akka.persistence.journal-plugin-fallback")
        .GetTimeSpan("recovery-event-timeout");

    private void StartTimer(bool snapshot)
    {
        _recoveryTimer?.Cancel();
        var timeout = RecoveryTimeout;
        _recoveryTimer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(timeout, timeout, Self, new RecoveryTick(snapshot),
            Self);
    }

    private void LeaveRecovery()
    {
        _recoveryTimer?.Cancel();
        _recoveryTimer = null;
        if (!_holdsPermit) return;
        _holdsPermit = false;
        Extension.RecoveryPermitter.Tell(ReturnRecoveryPermit.Instance, Self);
    }
}
