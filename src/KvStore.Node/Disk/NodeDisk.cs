using System.Buffers.Binary;
using Akka.Actor;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Replication;
using KvStore.Data;
using KvStore.Node.Settings;
using KvStore.Storage;
using KvStore.Storage.Iterators;

namespace KvStore.Node.Disk;

/// <summary>
/// The one open data set of an actor system: an extension, so that the storage actor and the plugins of Akka.Persistence find the same
/// engine. Opened once, before any of them starts; closed when the last actor has stopped.
/// <para>Any thread. Writes go through the <see cref="StorageActor"/>, reads that need no disk are done here by whoever asks.</para>
/// </summary>
public sealed class NodeDisk : IExtension
{
    private readonly ActorSystem _system;
    private readonly bool[] _reopened = new bool[PartitionId.MaxCount];
    private DataSet? _data;
    private IDisposable? _gauges;
    private long _lives;
    private int _tenures;
    private volatile bool _isBehind;
    private volatile bool _isBroken;

    internal NodeDisk(ActorSystem system) => _system = system;

    /// <summary>The node's data.</summary>
    /// <exception cref="InvalidOperationException">The node has not been started in this actor system.</exception>
    public DataSet Data => _data ?? throw new InvalidOperationException("No node has been started in this actor system: its data set is not open.");

    public LsmStore Store => Data.Store;

    public StorageSettings Settings { get; private set; } = null!;

    /// <summary>Whether what is acknowledged is on disk.</summary>
    public bool AcknowledgesDurable => Settings.Sync == Durability.Group;

    /// <summary>The engine takes no writes for the moment: new ones are refused at once, those under way wait.</summary>
    public bool IsBehind
    {
        get => _isBehind;
        internal set => _isBehind = value;
    }

    /// <summary>Something broke that a clean stop would cover up.</summary>
    public bool IsBroken
    {
        get => _isBroken;
        internal set => _isBroken = value;
    }

    /// <summary>How many keys each replica holds, as it last said; by partition.</summary>
    public long[] Keys { get; } = new long[PartitionId.MaxCount];

    public static NodeDisk Get(ActorSystem system) => system.WithExtension<NodeDisk, NodeDiskProvider>();

    /// <summary>Opens the data set; once in an actor system.</summary>
    /// <param name="settings">The node's.</param>
    /// <param name="startup">What its process brings.</param>
    /// <param name="mayBeEmpty">Whether an empty directory is a new one, rather than one that was lost.</param>
    /// <exception cref="DataSetException">The directory is not this node's, or not to be used any more.</exception>
    /// <exception cref="StorageException">The engine did not open.</exception>
    public DataSet Open(NodeSettings settings, NodeStartup startup, bool mayBeEmpty = true)
    {
        if (_data is not null) throw new InvalidOperationException("A node has been started in this actor system already.");
        Settings = settings.Storage;
        _data = DataSet.Open(
            settings.Storage.Directory, settings.Storage.EngineOptions(startup), settings.Id, startup.FreshId, FreshBits(startup), mayBeEmpty);
        _gauges = StorageMetrics.Observe(this);
        _system.RegisterOnTermination(Close);
        return _data;
    }

    /// <summary>Names one life of a user of the storage actor: answers to an earlier life are not mistaken for answers to it.</summary>
    public long NextLife() => Interlocked.Increment(ref _lives);

    /// <summary>Counts the tenures of this start, across all partitions.</summary>
    public uint NextTenure() => (uint)Interlocked.Increment(ref _tenures);

    /// <summary>
    /// Whether a replica may go on where it was when the node stopped: the first time that it is opened, after a clean stop.
    /// </summary>
    public bool TakesOver(PartitionId partition)
    {
        var first = !_reopened[partition.Value];
        _reopened[partition.Value] = true;
        return first && Data.IsUnbroken;
    }

    /// <summary>What is held under a key, if that can be said without waiting for the disk.</summary>
    public bool TryLoad(ReadOnlySpan<byte> key, out LoadResult result)
    {
        var sink = new Copy();
        try
        {
            var answer = Store.TryGetCached(key, null, ref sink);
            result = answer == CachedLookup.Found ? ResultOf(sink.Bytes) : LoadResult.Absent;
            StorageMetrics.Count(answer);
            return answer != CachedLookup.NotCached;
        }
        catch (StorageException)
        {
            // Damaged, or the disk refuses: that is never "not there".
            result = LoadResult.Unreadable;
            return true;
        }
    }

    /// <summary>What is held under a key; waits for the disk.</summary>
    public LoadResult Load(ReadOnlySpan<byte> key)
    {
        try
        {
            var sink = new Copy();
            return Store.Get(key, null, ref sink) ? ResultOf(sink.Bytes) : LoadResult.Absent;
        }
        catch (StorageException)
        {
            // As above: the replica is told that there is something it cannot have.
            return LoadResult.Unreadable;
        }
    }

    /// <summary>A record as it is; null bytes when there is none.</summary>
    /// <param name="mayWait">Whether to wait for the disk where that is needed.</param>
    public RecordLookup TryReadRecord(ReadOnlySpan<byte> key, bool mayWait, out byte[]? bytes)
    {
        var sink = new Copy();
        bytes = null;
        try
        {
            var answer = mayWait
                ? Store.Get(key, null, ref sink) ? CachedLookup.Found : CachedLookup.NotFound
                : Store.TryGetCached(key, null, ref sink);
            if (answer == CachedLookup.Found) bytes = sink.Bytes;
            return answer == CachedLookup.NotCached ? RecordLookup.NeedsDisk : RecordLookup.Done;
        }
        catch (StorageException)
        {
            return RecordLookup.Unreadable;
        }
    }

    /// <summary>Ends the data set. The second call does nothing.</summary>
    internal void Close()
    {
        _gauges?.Dispose();
        _data?.Dispose();
    }

    /// <summary>Of a data set that is made now: those of one that the same node had before are of another moment.</summary>
    private ulong FreshBits(NodeStartup startup)
    {
        Span<byte> bytes = stackalloc byte[NodeId.Size + sizeof(long)];
        startup.FreshId.Write(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[NodeId.Size..], _system.Scheduler.Now.UtcTicks);
        return StableHash.Of(bytes);
    }

    private static LoadResult ResultOf(byte[] bytes) =>
        SiblingSetCodec.TryRead(bytes, out var set) ? new LoadResult(set) : LoadResult.Unreadable;

    private struct Copy : IValueSink
    {
        public byte[] Bytes;

        public void Accept(ReadOnlySpan<byte> value) => Bytes = value.ToArray();
    }
}

/// <summary>Makes and finds an actor system's <see cref="NodeDisk"/>.</summary>
public sealed class NodeDiskProvider : ExtensionIdProvider<NodeDisk>
{
    public override NodeDisk CreateExtension(ExtendedActorSystem system) => new(system);
}
