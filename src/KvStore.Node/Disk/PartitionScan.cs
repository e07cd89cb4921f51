using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Data;
using KvStore.Storage;

namespace KvStore.Node.Disk;

/// <summary>
/// Reads all states of one partition at one moment, piece by piece, for a hash tree. Where a block is damaged it goes on from the
/// partition's end, backwards, up to the damage: what lies between is a hole, of which not even the names are known.
/// Owner: a reader.
/// </summary>
internal sealed class PartitionScan
{
    private const int PieceKeys = 2048;

    private readonly LsmStore _store;
    private readonly StoreSnapshot _snapshot;
    private readonly byte[] _prefix;
    private readonly List<BucketKey> _unreadable = [];
    private StoreIterator? _iterator;
    private byte[] _lastForward = [];
    private byte[] _value = [];
    private ulong _highest;
    private bool _isBackward;
    private bool _hasHoles;

    public PartitionScan(LsmStore store, StoreSnapshot snapshot, StorageProtocol.Scan request)
    {
        (_store, _snapshot, Request) = (store, snapshot, request);
        _prefix = DataKeys.States(request.Partition);
    }

    public StorageProtocol.Scan Request { get; }

    /// <summary>The next piece; the last one says that it is.</summary>
    public StorageProtocol.Scanned Next()
    {
        var entries = new List<(ulong, ulong)>();
        var isLast = false;
        try
        {
            isLast = ReadPiece(entries);
        }
        catch (StorageException)
        {
            // Damage, or a disk that refuses: a hole. From behind once, and no further than that.
            isLast = _isBackward;
            (_hasHoles, _isBackward) = (true, true);
            _iterator?.Dispose();
            _iterator = null;
        }
        var unreadable = _unreadable.ToArray();
        _unreadable.Clear();
        return new StorageProtocol.Scanned(Request.Life, Request.Tag, entries, unreadable, _hasHoles, isLast, isLast ? _highest : 0);
    }

    /// <summary>Lets go of what it reads.</summary>
    public void End()
    {
        _iterator?.Dispose();
        _snapshot.Dispose();
    }

    /// <summary>True when there is no more.</summary>
    private bool ReadPiece(List<(ulong, ulong)> entries)
    {
        if (_iterator is null)
        {
            _iterator = _store.NewIterator(new IterateOptions { Prefix = _prefix, Snapshot = _snapshot, FillCache = false });
            if (_isBackward) _iterator.SeekToLast();
            else _iterator.SeekToFirst();
        }
        while (_iterator.Valid && entries.Count < PieceKeys)
        {
            if (_isBackward && _iterator.Key.SequenceCompareTo(_lastForward) <= 0) return true;
            Add(_iterator, entries);
            if (_isBackward)
            {
                _iterator.Prev();
                continue;
            }
            Remember(_iterator.Key);
            _iterator.Next();
        }
        return !_iterator.Valid;
    }

    private void Add(StoreIterator at, List<(ulong, ulong)> entries)
    {
        if (!DataKeys.TryReadState(at.Key, out _, out var name))
        {
            _hasHoles = true;
            return;
        }
        var value = at.Value;
        if (_value.Length < value.Length) _value = new byte[value.Length * 2];
        value.CopyTo(_value);
        if (!SiblingSetCodec.TryRead(_value.AsMemory(0, value.Length), out var set))
        {
            _unreadable.Add(name);
            return;
        }
        if (Request.Tenure is { } tenure) _highest = Math.Max(_highest, set.Context[tenure]);
        entries.Add((Token.Of(name).Value, set.Hash));
    }

    private void Remember(ReadOnlySpan<byte> key)
    {
        if (_lastForward.Length != key.Length) _lastForward = new byte[key.Length];
        key.CopyTo(_lastForward);
    }
}
