using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Node.Replication;

/// <summary>What one replica holds, in key order, in memory. Owner: its replica actor.</summary>
public sealed class MemoryStore
{
    private readonly SortedDictionary<BucketKey, SiblingSet> _states = [];

    public IEnumerable<KeyValuePair<BucketKey, SiblingSet>> All => _states;

    public SiblingSet Get(BucketKey key) => _states.GetValueOrDefault(key, SiblingSet.Empty);

    /// <summary>Keeps a state; an empty one removes the key.</summary>
    public void Set(BucketKey key, SiblingSet state)
    {
        if (state.IsEmpty) _states.Remove(key);
        else _states[key] = state;
    }
}
