using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Data;
using KvStore.Storage;
using KvStore.Storage.Iterators;

namespace KvStore.Node.Disk;

/// <summary>Reads through one partition for the keys that somebody wants, with the hashes of their states. Owner: a reader.</summary>
internal static class PartitionListing
{
    public static StorageProtocol.Listed Read(LsmStore store, StorageProtocol.ListStates request)
    {
        var (entries, unreadable, hasHoles) = (new List<KeyHash>(), new List<BucketKey>(), false);
        try
        {
            using var iterator = store.NewIterator(new IterateOptions { Prefix = DataKeys.States(request.Partition), FillCache = false });
            if (request.Wanted.Range.After is { } after) iterator.Seek(DataKeys.State(request.Partition, after));
            else iterator.SeekToFirst();
            while (iterator.Valid && entries.Count < request.Wanted.Max && Add(iterator, request.Wanted, entries, unreadable)) iterator.Next();
        }
        catch (StorageException)
        {
            // Damage: what lies behind it is not listed, and the replica is told that there is a hole.
            hasHoles = true;
        }
        return new StorageProtocol.Listed(request.Life, request.Tag, entries, unreadable, hasHoles);
    }

    /// <summary>False behind what is wanted.</summary>
    private static bool Add(StoreIterator at, ListingWanted wanted, List<KeyHash> entries, List<BucketKey> unreadable)
    {
        if (!DataKeys.TryReadState(at.Key, out _, out var name)) return true;
        if (!wanted.Range.Contains(name)) return !wanted.Range.IsBeyond(name);
        if (wanted.Leaves is { } leaves && !leaves.Contains(HashTree.PlaceOf(Token.Of(name), wanted.Level))) return true;
        if (!SiblingSetCodec.TryRead(at.Value.ToArray(), out var set)) unreadable.Add(name);
        else if ((wanted.DeadAt == 0 || set.IsDeadAt(wanted.DeadAt)) && wanted.If?.Invoke(set) != false) entries.Add(new KeyHash(name, set.Hash));
        return true;
    }
}
