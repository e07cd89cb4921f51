using Akka.Actor;
using KvStore.Data;
using KvStore.Storage;

namespace KvStore.Node.Disk;

/// <summary>
/// /user/kv/storage/reader-N: waits for the disk in the place of those who must not. Every partition has one reader. A scan is read in
/// pieces, one scan after the other, and single reads go in between. Parent: the storage actor; the dispatcher is the readers' own.
/// </summary>
public sealed class ReaderActor : ReceiveActor
{
    private readonly NodeDisk _disk;
    private readonly Queue<ScanSnapshot> _scans = new();
    private PartitionScan? _running;

    public ReaderActor(NodeDisk disk)
    {
        _disk = disk;
        Receive<StorageProtocol.Load>(load =>
            load.ReplyTo.Tell(new StorageProtocol.Loaded(load.Life, load.Name, _disk.Load(load.Key))));
        Receive<StorageProtocol.ReadRecord>(OnReadRecord);
        Receive<StorageProtocol.ListStates>(list => list.ReplyTo.Tell(PartitionListing.Read(_disk.Store, list)));
        Receive<StorageProtocol.ListNames>(list => list.ReplyTo.Tell(new NameListing(list).Read(_disk.Store)));
        Receive<Open>(OnOpen);
        Receive<ScanSnapshot>(scan =>
        {
            _scans.Enqueue(scan);
            if (_running is null) Begin();
        });
        Receive<GoOn>(_ => OnGoOn());
    }

    public static Props Props(NodeDisk disk) => Akka.Actor.Props.Create(() => new ReaderActor(disk));

    protected override void PostStop()
    {
        _running?.End();
        foreach (var scan in _scans) scan.Snapshot.Dispose();
    }

    private void OnReadRecord(StorageProtocol.ReadRecord read)
    {
        var isReadable = _disk.TryReadRecord(read.Key, mayWait: true, out var bytes) == RecordLookup.Done;
        read.ReplyTo.Tell(new StorageProtocol.RecordRead(read.Life, read.Name, bytes, isReadable));
    }

    private void OnOpen(Open open)
    {
        var request = open.Request;
        var bytes = Read(DataKeys.Meta(request.Partition));
        var meta = bytes is not null && ReplicaMetaCodec.TryRead(bytes, out var read) ? read : null;
        request.ReplyTo.Tell(new StorageProtocol.ReplicaOpened(request.Life, open.Generation, meta, Read(DataKeys.Tree(request.Partition))));
    }

    private byte[]? Read(byte[] key)
    {
        try
        {
            return _disk.Store.Get(key);
        }
        catch (StorageException)
        {
            // Damaged, or the disk refuses. A replica without its meta is not whole, one without its tree builds it anew: both are safe.
            return null;
        }
    }

    private void Begin()
    {
        if (!_scans.TryDequeue(out var next)) return;
        _running = new PartitionScan(_disk.Store, next.Snapshot, next.Request);
        Self.Tell(GoOn.Instance);
    }

    private void OnGoOn()
    {
        if (_running is not { } scan) return;
        var piece = scan.Next();
        scan.Request.ReplyTo.Tell(piece);
        if (!piece.IsLast)
        {
            Self.Tell(GoOn.Instance);
            return;
        }
        scan.End();
        _running = null;
        Begin();
    }

    /// <summary>Read what a replica begins with; nothing of it is under way.</summary>
    public sealed record Open(StorageProtocol.OpenReplica Request, long Generation);

    /// <summary>Scan a partition at this moment.</summary>
    public sealed record ScanSnapshot(StorageProtocol.Scan Request, StoreSnapshot Snapshot);

    private sealed class GoOn
    {
        public static readonly GoOn Instance = new();
    }
}
