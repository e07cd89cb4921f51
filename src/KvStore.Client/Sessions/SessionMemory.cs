using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Client.Sessions;

/// <summary>
/// What a session has read and written, key by key, as clocks: an answer that does not cover it is too old for the session. Any thread.
/// <para>Bounded: beyond its size it forgets the keys used longest ago, for which the session then promises no more than the quorum.</para>
/// </summary>
internal sealed class SessionMemory(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BucketKey, LinkedListNode<(BucketKey Key, VersionVector Seen)>> _byKey = [];
    private readonly LinkedList<(BucketKey Key, VersionVector Seen)> _byUse = new();

    public int Count
    {
        get { lock (_lock) return _byKey.Count; }
    }

    /// <summary>Does a state with this clock contain all that the session has seen of the key?</summary>
    public bool IsMetBy(BucketKey key, VersionVector clock)
    {
        lock (_lock) return !_byKey.TryGetValue(key, out var node) || clock.Covers(node.Value.Seen);
    }

    public void OnRead(BucketKey key, VersionVector clock)
    {
        if (!clock.IsEmpty) Add(key, clock);
    }

    public void OnWritten(BucketKey key, Dot dot) => Add(key, VersionVector.Of(dot));

    /// <summary>All primaries say that there is nothing left of it: the key was deleted, and its tombstone reaped.</summary>
    public void Forget(BucketKey key)
    {
        lock (_lock)
        {
            if (_byKey.Remove(key, out var node)) _byUse.Remove(node);
        }
    }

    private void Add(BucketKey key, VersionVector seen)
    {
        lock (_lock)
        {
            if (_byKey.Remove(key, out var node))
            {
                seen = seen.Join(node.Value.Seen);
                _byUse.Remove(node);
            }
            _byKey[key] = _byUse.AddLast((key, seen));
            if (_byKey.Count <= capacity) return;
            _byKey.Remove(_byUse.First!.Value.Key);
            _byUse.RemoveFirst();
        }
    }
}
