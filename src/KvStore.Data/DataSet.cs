using System.Buffers.Binary;
using System.Text;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Storage;

namespace KvStore.Data;

/// <summary>
/// One node's data: the open engine, and who it belongs to. Opening it takes the directory's lock, checks the identity, counts the
/// start, and takes the clean-stop marker away, all of it durable before anything else is done with the data.
/// <para>Owner: one per process and directory. The engine is thread-safe; this object is called by one owner.</para>
/// Invariants: (1) no two starts of a data set have the same number; (2) the marker is there only after <see cref="MarkCleanStop"/> and
/// before the next opening; (3) a directory that belongs to another node, to another cluster or to another program is refused unchanged;
/// (4) what was turned away is not opened again.
/// </summary>
public sealed class DataSet : IDisposable
{
    private const string Unreadable = "Nothing was changed; use the release that wrote it, or replace this node.";
    private const string TakeItsPlace = "Have a node with a new id, and so an empty data directory, take its place (kv replace).";
    private static readonly WriteOptions Synced = new() { Durability = Durability.Group };

    private readonly string _directory;

    private DataSet(string directory, LsmStore store, IdentityRecord identity, uint start, bool isUnbroken) =>
        (_directory, Store, Identity, StartNumber, IsUnbroken) = (directory, store, identity, start, isUnbroken);

    public LsmStore Store { get; }

    public IdentityRecord Identity { get; private set; }

    /// <summary>Counts the starts of this data set, from 1; durable.</summary>
    public uint StartNumber { get; }

    /// <summary>Whether the last stop was in order: nothing that was written since can be missing.</summary>
    public bool IsUnbroken { get; }

    /// <summary>Opens a node's data, or makes it where the directory has none.</summary>
    /// <param name="directory">The engine's directory.</param>
    /// <param name="options">The engine's.</param>
    /// <param name="expected">Whose data it has to be; none for whosever it is.</param>
    /// <param name="fresh">The id of the node if the directory is empty: random bits.</param>
    /// <param name="freshBits">Of the data set if the directory is empty: what no other data of that node has.</param>
    /// <param name="mayBeEmpty">Whether it may be; otherwise an empty directory is one that was lost.</param>
    /// <exception cref="DataSetException">It is another node's, or no node's, or lost, or the others want nothing of it.</exception>
    /// <exception cref="StorageException">The engine did not open: locked, damaged, of a newer release.</exception>
    public static DataSet Open(string directory, EngineOptions options, NodeId expected, NodeId fresh, ulong freshBits, bool mayBeEmpty = true)
    {
        var store = LsmStore.Open(directory, options);
        try
        {
            var known = ReadIdentity(store, directory);
            if (known is not null && !expected.IsNone && known.Node != expected)
                throw new DataSetException(
                    $"{directory} holds the data of node {known.Node}, and this node is {expected}. Nothing was changed. "
                    + "Give this node its own data directory, or the id that the directory has.");
            if (store.Get(DataKeys.TurnedAway) is { } why)
                throw new DataSetException($"{directory} is not to be used any more: {Encoding.UTF8.GetString(why)}. Nothing was changed. {TakeItsPlace}");
            if (known is null && !mayBeEmpty)
                throw new DataSetException(
                    $"{directory} is empty, and the settings make this node a founder of its cluster. Nothing was changed. If the cluster is new, start "
                    + $"the node with --init; otherwise it has lost its data, and what it voted and acknowledged with that is forgotten. {TakeItsPlace}");
            var identity = known ?? new IdentityRecord(expected.IsNone ? fresh : expected, ClusterId.None, freshBits);
            var start = checked(ReadNumber(store, DataKeys.StartNumber) + 1);
            var isUnbroken = known is not null && ReadNumber(store, DataKeys.CleanStop) == start - 1;
            var batch = new WriteBatch();
            if (known is null)
                batch.Put(DataKeys.Identity, identity.ToBytes());
            batch.Put(DataKeys.StartNumber, Bytes(start)).Delete(DataKeys.CleanStop);
            store.Write(batch, Synced).ThrowIfRefused();
            return new DataSet(directory, store, identity, start, isUnbroken);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Binds the data set to its cluster, and on the first time writes what each replica begins with. Durable when it returns.
    /// </summary>
    /// <exception cref="DataSetException">It belongs to another cluster.</exception>
    public void Join(ClusterId cluster, IEnumerable<(PartitionId Partition, ReplicaMeta Meta)> beginnings)
    {
        if (Identity.Cluster == cluster)
            return;
        if (!Identity.Cluster.IsNone)
            throw new DataSetException(
                $"{_directory} holds data of cluster {Identity.Cluster}, and this node is to be in cluster {cluster}. Nothing was changed. "
                + "Give this node its own data directory, or the members that its cluster has.");
        var joined = Identity with { Cluster = cluster };
        var batch = new WriteBatch().Put(DataKeys.Identity, joined.ToBytes());
        foreach (var (partition, meta) in beginnings)
            batch.Put(DataKeys.Meta(partition), ReplicaMetaCodec.Write(meta));
        Store.Write(batch, Synced).ThrowIfRefused();
        Identity = joined;
    }

    /// <summary>The last start seen of each other node.</summary>
    public IReadOnlyList<(NodeId Peer, PeerStartRecord Last)> PeerStarts()
    {
        var starts = new List<(NodeId, PeerStartRecord)>();
        using var iterator = Store.NewIterator(new IterateOptions { Prefix = DataKeys.PeerStarts() });
        for (iterator.SeekToFirst(); iterator.Valid; iterator.Next())
        {
            if (!DataKeys.TryReadPeer(iterator.Key, out var peer) || !PeerStartRecord.TryRead(iterator.Value, out var last))
                throw new DataSetException($"{_directory}: the record of a peer's last start is none. {Unreadable}");
            starts.Add((peer, last));
        }

        return starts;
    }

    /// <summary>Everything that was to be written is written: the next start may go on where this one ends. Durable when it returns.</summary>
    public void MarkCleanStop() => Store.Put(DataKeys.CleanStop, Bytes(StartNumber), Synced).ThrowIfRefused();

    /// <summary>
    /// Another node has seen a later start of this one, or other data: this data must not speak for the node, however often it is started. Durable
    /// when it returns.
    /// </summary>
    /// <param name="why">For whoever starts it again; words without a full stop.</param>
    public void MarkTurnedAway(string why) => Store.Put(DataKeys.TurnedAway, Encoding.UTF8.GetBytes(why), Synced).ThrowIfRefused();

    public void Dispose() => Store.Dispose();

    /// <summary>Whose data a store holds; null when it holds nothing at all.</summary>
    /// <exception cref="DataSetException">It holds something else than a node's data.</exception>
    internal static IdentityRecord? ReadIdentity(LsmStore store, string directory)
    {
        if (store.Get(DataKeys.Identity) is { } bytes)
            return IdentityRecord.TryRead(bytes, out var identity)
                ? identity
                : throw new DataSetException($"{directory} is of a format that this release cannot read. {Unreadable}");
        using var iterator = store.NewIterator();
        iterator.SeekToFirst();
        return iterator.Valid
            ? throw new DataSetException($"{directory} is a store, and no node's data. Nothing was changed; give a node a directory of its own.")
            : null;
    }

    private static uint ReadNumber(LsmStore store, ReadOnlySpan<byte> key) =>
        store.Get(key) is { Length: sizeof(uint) } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    private static byte[] Bytes(uint number)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
