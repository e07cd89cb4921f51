using Akka.Actor;
using Akka.Persistence;
using KvStore.Core.Placement;
using KvStore.Node.Persistence;

namespace KvStore.Node.Membership;

/// <summary>
/// Stands in for the ring's owner in the actor system of a node that is stopped: reads its journal, and appends the first ring of a new
/// generation there. Votes on nothing, and says nothing to anybody.
/// </summary>
internal sealed class RingRecoveryActor : ReceivePersistentActor
{
    private Ring? _ring;
    private IActorRef? _asker;

    public RingRecoveryActor()
    {
        (JournalPluginId, SnapshotPluginId) = (EngineJournal.PluginId, EngineSnapshotStore.PluginId);
        Recover<SnapshotOffer>(offer => Replay((RingRecord)offer.Snapshot));
        Recover<RingRecord>(Replay);
        Command<GetRing>(_ => Sender.Tell(new Found(_ring)));
        Command<Begin>(begin =>
        {
            _asker = Sender;
            Persist(new RingRecord.Decided(begin.Ring), _ => Sender.Tell(new Found(begin.Ring)));
        });
    }

    public override string PersistenceId => RingRecord.Journal;

    public static Props Props() => Akka.Actor.Props.Create(() => new RingRecoveryActor());

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _asker?.Tell(new Status.Failure(cause));

    private void Replay(RingRecord record)
    {
        if (record is RingRecord.Decided decided) _ring = decided.Ring;
    }

    /// <summary>Answered by <see cref="Found"/>.</summary>
    public sealed class GetRing
    {
        public static readonly GetRing Instance = new();
    }

    /// <summary>Write this ring down. Answered by <see cref="Found"/> when it is on disk.</summary>
    public sealed record Begin(Ring Ring);

    /// <summary>The newest ring of the journal; null when there is none.</summary>
    public sealed record Found(Ring? Ring);
}
