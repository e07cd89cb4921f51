using Akka.Actor;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Placement;
using KvStore.Core.Replication;
using KvStore.Node.Disk;
using KvStore.Wire;

namespace KvStore.Node.Replication;

/// <summary>
/// The replica follows the ring in force. Where buckets were dropped or emptied since the ring it served last, their keys go first: requests
/// wait, what is under way ends, the keys are deleted on disk, and only then the fence is raised, so that a crash in between begins anew.
/// </summary>
public sealed partial class ReplicaActor
{
    private const int PagesOfLarge = 16;

    private Deletion? _deletion;

    private bool IsOpen => _replica is not null && !_isOpening && !_isClosing && _deletion is null;

    /// <summary>Serves the ring in force: earlier epochs are refused from now on. Looked at with each request; it costs a comparison.</summary>
    private void Follow()
    {
        var ring = _context.Ring;
        if (_deletion is not null || ring.Epoch <= _replica!.Fence) return;
        if (ring.Buckets.GoneSince(_replica.Fence) is { } gone)
        {
            _deletion = new Deletion(ring, gone);
            _exchanges.EndAll();
        }
        else RaiseFence(ring);
        Perform();
    }

    private void RaiseFence(Ring ring) => _replica!.OnFence(
        CallId.None, ring.Epoch, RoleAt(ring), _effects, isOnlyOwner: ListAt(ring).WriteTargets.All(node => node == _context.Self));

    /// <summary>What moves, and what a replica is, is decided for as many copies as the ring keeps, whatever this node's settings say.</summary>
    private PreferenceList ListAt(Ring ring) => ring.PreferenceList(_partition, ring.Replicas);

    private ReplicaRole RoleAt(Ring ring) => ListAt(ring).IsPrimary(_context.Self) ? ReplicaRole.Primary : ReplicaRole.Fallback;

    /// <summary>Nothing new has been let in since the deletion was decided: once what was under way has ended, it is made.</summary>
    private void DeleteWhenIdle()
    {
        if (_deletion is not { IsSent: false } deletion || _isOpening || _replica!.PendingCalls > 0) return;
        deletion.IsSent = true;
        _disk.DeleteBuckets(deletion.Gone);
    }

    private void OnBucketsDeleted()
    {
        var ring = _deletion!.Ring;
        _deletion = null;
        _replica!.OnBucketsGone(_effects);
        RaiseFence(ring);
        Perform();
        ReleaseWaiting();
    }

    private void ReleaseWaiting()
    {
        foreach (var (sender, request) in _waiting) Self.Tell(request, sender);
        _waiting.Clear();
    }

    /// <summary>A whole owner says which keys there are; a reader looks, and answers.</summary>
    private void OnList(ReplicaProtocol.ListReplica m)
    {
        if (!Admits(m, isWrite: false)) return;
        if (_replica!.RefusesListing(m.Epoch) is var refusal and not Refusal.None) Refuse(refusal);
        else if (_context.Ring.Buckets.Find(m.Bucket) is not { } bucket) Refuse(Refusal.StaleEpoch);
        else
        {
            // A large partition is read through in few pages, however few keys each is asked for.
            var max = (int)Math.Clamp(_replica.Tree.Keys / PagesOfLarge, m.Max, WireLimits.MaxPage);
            _context.Storage.Tell(new StorageProtocol.ListNames(Sender, _context.Self, m, bucket, max, Now.WallMilliseconds));
        }
    }

    /// <summary>The ring in force has lost buckets, and their keys are to go without waiting for a request.</summary>
    public sealed class FollowRing
    {
        public static readonly FollowRing Instance = new();
    }

    private sealed class Deletion(Ring ring, GoneBuckets gone)
    {
        public Ring Ring => ring;

        public GoneBuckets Gone => gone;

        public bool IsSent { get; set; }
    }
}
