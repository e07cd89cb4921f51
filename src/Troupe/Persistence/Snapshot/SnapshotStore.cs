using Akka.Actor;
using Akka.Pattern;
using Akka.Persistence.Journal;

namespace Akka.Persistence.Snapshot;

/// <summary>
/// Base of a snapshot-store plugin: a subclass loads, saves and deletes; this calls it behind a circuit breaker and answers.
/// <para>Thread rule: the subclass's methods are called in the actor; their tasks may end on any thread.</para>
/// </summary>
public abstract class SnapshotStore : ActorBase
{
    internal const string Fallback = "akka.persistence.snapshot-store-plugin-fallback";

    private readonly CircuitBreaker _breaker;
    private readonly bool _publish;

    protected SnapshotStore()
    {
        _publish = Context.System.Settings.Config.GetBoolean("akka.persistence.publish-plugin-commands");
        _breaker = PluginBreaker.Create(Context, PersistenceExtension.ConfigOf(Context, Fallback));
    }

    /// <summary>The youngest snapshot that fits, or null.</summary>
    protected abstract Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken);

    /// <summary>Saves, in place of one with the same sequence number.</summary>
    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken);

    /// <summary>Deletes the one with this sequence number and, unless it is DateTime.MinValue, this timestamp.</summary>
    protected abstract Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken);

    /// <summary>Deletes all that fit.</summary>
    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken);

    protected override bool Receive(object message)
    {
        if (!TryReceive(message)) return ReceivePluginInternal(message);
        if (_publish && message is ISnapshotRequest) Context.System.EventStream.Publish(message);
        return true;
    }

    /// <summary>For messages of the plugin's own.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    private bool TryReceive(object message)
    {
        var asker = Sender;
        switch (message)
        {
            case LoadSnapshot { Criteria: var criteria } load when criteria.Equals(SnapshotSelectionCriteria.None):
                asker.Tell(new LoadSnapshotResult(null, load.ToSequenceNr));
                return true;
            case LoadSnapshot load:
                Call(token => LoadAsync(load.PersistenceId, load.Criteria.Limit(load.ToSequenceNr), token)).PipeTo(asker, Self,
                    success: found => new LoadSnapshotResult(found, load.ToSequenceNr),
                    failure: cause => new LoadSnapshotFailed(cause));
                return true;
            case SaveSnapshot save:
                Save(save, asker);
                return true;
            case DeleteSnapshot { Metadata: var metadata }:
                Call(token => Done(DeleteAsync(metadata, token))).PipeTo(asker, Self,
                    success: _ => new DeleteSnapshotSuccess(metadata),
                    failure: cause => new DeleteSnapshotFailure(metadata, cause));
                return true;
            case DeleteSnapshots { Criteria: var criteria } delete:
                Call(token => Done(DeleteAsync(delete.PersistenceId, criteria, token))).PipeTo(asker, Self,
                    success: _ => new DeleteSnapshotsSuccess(criteria),
                    failure: cause => new DeleteSnapshotsFailure(criteria, cause));
                return true;
            default:
                return false;
        }
    }

    private void Save(SaveSnapshot save, IActorRef asker)
    {
        var metadata = new SnapshotMetadata(save.Metadata.PersistenceId, save.Metadata.SequenceNr,
            save.Metadata.Timestamp == DateTime.MinValue ? Context.System.Scheduler.Now.UtcDateTime : save.Metadata.Timestamp);
        Call(token => Done(SaveAsync(metadata, save.Snapshot, token))).PipeTo(asker, Self,
            success: _ => new SaveSnapshotSuccess(metadata),
            failure: cause => new SaveSnapshotFailure(metadata, cause));
    }

    private Task<T> Call<T>(Func<CancellationToken, Task<T>> body) => PluginBreaker.Call(_breaker, body);

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }
}
