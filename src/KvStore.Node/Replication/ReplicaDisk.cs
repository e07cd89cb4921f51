using Akka.Actor;
using KvStore.Core;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Buckets;
using KvStore.Core.Causality;
using KvStore.Core.Hints;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Data;
using KvStore.Node.Disk;

namespace KvStore.Node.Replication;

/// <summary>
/// A replica's effects on disk, as messages to the storage actor: what goes into which record, and which answer belongs to what.
/// Owner: one <see cref="ReplicaActor"/>.
/// <para>Invariants: (1) everything of one life is sent in the order of the effects; (2) a new life begins after a restart of either
/// side, and knows nothing of answers to the one before; (3) a promise (tenure, lease, fence) is kept, or made again in the next life.</para>
/// </summary>
internal sealed class ReplicaDisk(ReplicaContext context, PartitionId partition, IActorRef self)
{
    /// <summary>
    /// Stands for the keys of blocks that cannot be read: nobody knows their names. No client can write it, for its bucket is the store's own.
    /// </summary>
    public static readonly BucketKey Hole = new(BucketName.Create("kv.damaged"), Key.Of("unknown"));

    private readonly SortedDictionary<long, ReplicaEffect> _promised = [];
    private readonly Dictionary<long, HashTree> _scans = [];
    private long _lastTag;

    /// <summary>Goes into every message, and comes back in the answers.</summary>
    public long Life { get; private set; }

    /// <summary>The storage actor's, of the last opening.</summary>
    public long Generation { get; set; }

    /// <summary>The incarnation that the last BeginTenure made durable.</summary>
    public Incarnation BegunTenure { get; private set; }

    /// <summary>The tag of <see cref="Close"/>; 0 before.</summary>
    public long ClosingTag { get; private set; }

    /// <summary>The tag of the last <see cref="DeleteBuckets"/>; 0 before.</summary>
    public long DeletingTag { get; private set; }

    /// <summary>Whether an answer is to a <see cref="Store"/>; its ticket is the tag.</summary>
    public static bool IsStore(long tag) => tag > 0;

    /// <summary>The tree to begin with: that of the last clean stop, or an empty one of about the right size, to be filled.</summary>
    public static HashTree TreeOf(byte[]? stored, bool unbroken)
    {
        if (stored is null || !HashTree.TryRead(stored, out var tree)) return new HashTree(HashTree.DepthFor(0), isComplete: false);
        return unbroken ? tree : new HashTree(HashTree.DepthFor(tree.Keys), isComplete: false);
    }

    /// <summary>Begins a life: what storage was told before is settled first.</summary>
    public void Open()
    {
        Life = context.Disk.NextLife();
        _scans.Clear();
        context.Storage.Tell(new StorageProtocol.OpenReplica(self, Life, partition));
    }

    /// <summary>What is held, if it takes no waiting; else a reader answers with Loaded.</summary>
    public bool TryLoad(BucketKey name, out LoadResult result)
    {
        var key = DataKeys.State(partition, name);
        if (context.Disk.TryLoad(key, out result)) return true;
        context.Storage.Tell(new StorageProtocol.Load(self, Life, partition, name, key));
        return false;
    }

    /// <param name="store">What to write.</param>
    /// <param name="wantsLogged">Whether somebody waits for it to be in the log.</param>
    /// <param name="wallMilliseconds">When it is, for hints.</param>
    public void Store(ReplicaEffect.Store store, bool wantsLogged, long wallMilliseconds)
    {
        // Not "null : bytes": that null would be an empty value, and not the absence of one.
        ReadOnlyMemory<byte>? bytes = null;
        if (!store.Set.IsEmpty) bytes = BytesOf(store.Set);
        var state = new StorageProtocol.DataWrite(DataKeys.State(partition, store.Key), bytes);
        StorageProtocol.DataWrite[] writes = [state];
        if (store.StandsFor.Count > 0)
        {
            var hint = new HintRecord(wallMilliseconds, state.Value?.Length ?? 0, Counts: true).ToBytes();
            writes = [state, .. store.StandsFor.Select(owner =>
                new StorageProtocol.DataWrite(DataKeys.Hint(new HintId(owner, partition, store.Key)), hint))];
        }
        Send(store.Ticket.Value, writes, synced: false, wantsLogged);
    }

    /// <summary>In order with the stores; nobody waits for it.</summary>
    public void SaveMeta(ReplicaMeta meta) => Send(LastMeta = --_lastTag, [MetaRecord(meta)], synced: false);

    /// <summary>The tag of the last <see cref="SaveMeta"/>.</summary>
    public long LastMeta { get; private set; }

    /// <summary>Makes a tenure, a lease or a fence durable, whatever the sync setting says.</summary>
    public void Promise(ReplicaEffect effect, ReplicaMeta meta)
    {
        if (effect is ReplicaEffect.BeginTenure begin)
        {
            BegunTenure = Incarnation.Of(context.Self, context.Start.Number, context.Disk.NextTenure());
            meta = meta with { Tenure = BegunTenure, LeaseEnd = begin.LeaseBlock };
        }
        else if (effect is ReplicaEffect.ExtendLease extend && meta.Tenure == extend.Incarnation)
        {
            meta = meta with { LeaseEnd = extend.End };
        }
        _promised.Add(--_lastTag, effect);
        Send(_lastTag, [MetaRecord(meta)], synced: true);
    }

    /// <summary>Whether a promise is yet to be kept.</summary>
    public bool HasPromises => _promised.Count > 0;

    /// <summary>A promise is kept: which one; null for what nobody waits for.</summary>
    public ReplicaEffect? Kept(long tag)
    {
        _promised.Remove(tag, out var effect);
        return effect;
    }

    /// <summary>The promises that the life before did not live to keep.</summary>
    public IReadOnlyList<ReplicaEffect> TakePromised()
    {
        var promised = _promised.Values.ToArray();
        _promised.Clear();
        return promised;
    }

    /// <summary>Fills a tree from what is stored after everything sent until now.</summary>
    /// <returns>The tag of its pieces.</returns>
    public long Scan(HashTree tree, Incarnation? tenure)
    {
        var tag = --_lastTag;
        _scans.Add(tag, tree);
        context.Storage.Tell(new StorageProtocol.Scan(self, Life, tag, partition, tenure));
        return tag;
    }

    public HashTree? TreeOfScan(long tag) => _scans.GetValueOrDefault(tag);

    public void EndScan(long tag) => _scans.Remove(tag);

    /// <summary>
    /// Deletes the states of buckets that are gone, and has that on disk before Committed follows. Registers are the acceptors' own: they may
    /// have voted in the bucket of the same name that there is now.
    /// </summary>
    public void DeleteBuckets(GoneBuckets gone)
    {
        var ranges = gone.AllButThese
            ? DataKeys.StatesOfOthers(partition, gone.Names)
            : gone.Names.Select(bucket => DataKeys.StatesOf(partition, bucket));
        Send(
            DeletingTag = --_lastTag, [.. ranges.Select(range => new StorageProtocol.DataWrite(range.Begin, Value: null, range.End))],
            synced: true);
    }

    /// <summary>Writes down what the next start goes on with; Committed follows.</summary>
    public void Close(Replica replica)
    {
        ReadOnlyMemory<byte>? tree = null;
        if (replica.Tree.IsComplete)
        {
            var bytes = new byte[replica.Tree.SerializedSize];
            replica.Tree.Write(bytes);
            tree = bytes;
        }
        _promised.Clear();
        Send(ClosingTag = --_lastTag, [MetaRecord(replica.Meta), new StorageProtocol.DataWrite(DataKeys.Tree(partition), tree)], synced: true);
    }

    private static ReadOnlyMemory<byte> BytesOf(SiblingSet set)
    {
        var size = SiblingSetCodec.MaxSize(set);
        Invariant.Check(size <= Array.MaxLength);
        var bytes = new byte[(int)size];
        return bytes.AsMemory(0, SiblingSetCodec.Write(bytes, set));
    }

    private StorageProtocol.DataWrite MetaRecord(ReplicaMeta meta) => new(DataKeys.Meta(partition), ReplicaMetaCodec.Write(meta));

    private void Send(long tag, StorageProtocol.DataWrite[] writes, bool synced, bool wantsLogged = false) =>
        context.Storage.Tell(new StorageProtocol.Commit(new StorageProtocol.Claim(self, Life, Generation, tag, wantsLogged), writes, synced));
}
