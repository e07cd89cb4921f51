using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Data;
using KvStore.Storage;
using KvStore.Storage.Iterators;
using KvStore.Wire;

namespace KvStore.Node.Disk;

/// <summary>
/// One page of a bucket's keys in a partition, in the order of their tokens. The disk has them in the order of their names, so that the bucket's
/// part of the partition is read through once for each page, and the lowest that are wanted are kept. Owner: a reader, for one request.
/// <para>Invariants: (1) a page ends between two positions, never within one; (2) what it keeps is bounded by the keys wanted and
/// by <see cref="MaxBytes"/>, save that one position is always whole.</para>
/// </summary>
internal sealed class NameListing(StorageProtocol.ListNames request)
{
    private const int MaxBytes = 1 << 20;

    private readonly PriorityQueue<Key, ulong> _highestFirst = new(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));
    private readonly ScanPosition _from = request.Request.From;
    private ScanPosition? _next;
    private long _bytes;

    public IWireMessage Read(LsmStore store)
    {
        var (partition, bucket) = (request.Request.Partition, request.Bucket);
        var prefix = bucket.IsStrong ? DataKeys.Registers(partition, bucket.Name) : DataKeys.States(partition, bucket.Name);
        try
        {
            using var iterator = store.NewIterator(new IterateOptions { Prefix = prefix, FillCache = false });
            for (iterator.SeekToFirst(); iterator.Valid; iterator.Next())
            {
                if (!TryAdd(iterator)) return Unreadable();
            }
        }
        catch (StorageException)
        {
            return Unreadable();
        }
        var keys = new List<(ulong Token, Key Key)>(_highestFirst.Count);
        while (_highestFirst.TryDequeue(out var key, out var token)) keys.Add((token, key));
        keys.Reverse();
        return new ReplicaProtocol.ReplicaListed(request.Self, new KeyPage([.. keys.Select(entry => entry.Key)], _next));
    }

    /// <summary>False when there is something that cannot be read: then nothing is said of which keys there are.</summary>
    private bool TryAdd(StoreIterator at)
    {
        var isName = request.Bucket.IsStrong
            ? DataKeys.TryReadRegister(at.Key, out _, out var name)
            : DataKeys.TryReadState(at.Key, out _, out name);
        if (!isName) return false;
        var position = ScanPosition.Of(name);
        if (position < _from || position >= _next) return true;
        if (!TryIsThere(at.Value.ToArray(), out var isThere)) return false;
        if (!isThere) return true;
        _highestFirst.Enqueue(name.Key, Token.Of(name).Value);
        _bytes += name.Key.Length;
        if (_highestFirst.Count > request.Max || _bytes > MaxBytes) Shorten();
        return true;
    }

    /// <summary>Gives up the highest position of the page, unless it is the only one.</summary>
    private void Shorten()
    {
        _highestFirst.TryPeek(out var highest, out _);
        var last = PositionOf(highest);
        if (last == _from) return;
        _next = last;
        while (_highestFirst.TryPeek(out var key, out _) && PositionOf(key) == last)
        {
            _highestFirst.Dequeue();
            _bytes -= key.Length;
        }
    }

    private ScanPosition PositionOf(Key key) => ScanPosition.Of(new BucketKey(request.Bucket.Name, key));

    private bool TryIsThere(byte[] bytes, out bool isThere)
    {
        isThere = false;
        if (!request.Bucket.IsStrong)
        {
            if (!SiblingSetCodec.TryRead(bytes, out var set)) return false;
            isThere = SiblingView.Shown(set, request.Bucket.Conflicts, request.WallMilliseconds).Count > 0;
            return true;
        }
        try
        {
            isThere = WireCodec.DecodeRegister(bytes).Since(request.Bucket.CreatedAt).Value?.Data is not null;
            return true;
        }
        catch (WireFormatException)
        {
            return false;
        }
    }

    private ReplicaProtocol.ReplicaRefused Unreadable() => new(request.Self, Refusal.Unreadable, request.Request.Epoch);
}
