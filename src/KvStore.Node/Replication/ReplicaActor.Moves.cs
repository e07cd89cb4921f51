using Akka.Actor;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Wire;

namespace KvStore.Node.Replication;

/// <summary>
/// The replica's part in a move of its partition. What cannot be answered now is not answered: whoever directs the move, or fills, asks again.
/// </summary>
public sealed partial class ReplicaActor
{
    private void TakePartInMoves()
    {
        Receive<ReplicaProtocol.FenceReplica>(OnFence);
        Receive<PrepareSource>(OnPrepareSource);
        Receive<StoreStreamed>(OnStoreStreamed);
        Receive<NoteFilled>(OnNoteFilled);
    }

    private void OnFence(ReplicaProtocol.FenceReplica m)
    {
        if (!IsOpen || _context.Ring.Epoch < m.Epoch) return; // what this node is at that epoch is not known here yet
        Follow();
        if (_deletion is not null) return;
        _replica!.OnFence(NewCall(), m.Epoch, RoleAt(_context.Ring), _effects);
        Perform();
    }

    private void OnPrepareSource(PrepareSource m)
    {
        if (IsOpen && _replica!.ConfirmedFence >= m.Epoch && _replica.Meta.IsWhole)
            Sender.Tell(new SourceReady(m.Turn, _replica.Meta.Watermarks.Join(_replica.Origins)));
    }

    private void OnStoreStreamed(StoreStreamed m)
    {
        if (!Admits(m, isWrite: true)) return;
        _replica!.OnStreamed(NewCall(), m.Epoch, m.Key, m.Set, m.SeenBySource, Now, _effects);
        Perform();
    }

    private void OnNoteFilled(NoteFilled m)
    {
        if (!IsOpen || _replica!.Fence < m.Epoch || _replica.Role != ReplicaRole.Primary) return;
        if (!_replica.Meta.IsWhole) _replica.OnFilled(m.Seen, _effects);
        Perform();
        // What was lost while the streams came is brought by comparing; asked again, this answers when that is done.
        if (_replica.Meta.IsWhole) Sender.Tell(new FilledNoted(m.Epoch));
    }

    /// <summary>
    /// A stream from here is to begin: say when everything up to the epoch's fence is stored, and nothing is missing. Answered by
    /// <see cref="SourceReady"/>, or not at all.
    /// </summary>
    public sealed record PrepareSource(PartitionId Partition, RingEpoch Epoch, ulong Turn);

    /// <summary>What is stored now is all there is, up to the fence; <paramref name="Seen"/> is what this replica has surely seen.</summary>
    public sealed record SourceReady(ulong Turn, VersionVector Seen);

    /// <summary>
    /// All that the source of a stream holds of a key, with what it has seen. Answered by <see cref="ReplicaProtocol.ReplicaStored"/> or
    /// <see cref="ReplicaProtocol.ReplicaRefused"/>.
    /// </summary>
    public sealed record StoreStreamed(
        RingEpoch Epoch, PartitionId Partition, BucketKey Key, SiblingSet Set, VersionVector SeenBySource);

    /// <summary>
    /// Everything that the sources held is stored here, and <paramref name="Seen"/> is what they had seen then. Answered by
    /// <see cref="FilledNoted"/>, or not at all.
    /// </summary>
    public sealed record NoteFilled(PartitionId Partition, RingEpoch Epoch, VersionVector Seen);

    /// <summary>The replica is whole; its record of it is on its way to the disk.</summary>
    public sealed record FilledNoted(RingEpoch Epoch);
}
