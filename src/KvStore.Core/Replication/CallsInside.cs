using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>
/// Which calls a replica, or an acceptor, has begun and not ended yet, by their epochs: a fence has drained once none of an older epoch is left.
/// Calls of the fence's own epoch, or later, never hold it up. One owner; not thread-safe.
/// </summary>
internal sealed class CallsInside
{
    private readonly Dictionary<RingEpoch, int> _byEpoch = [];

    /// <summary>A call has begun.</summary>
    public void Enter(RingEpoch epoch) => _byEpoch[epoch] = _byEpoch.GetValueOrDefault(epoch) + 1;

    /// <summary>It has been answered, or given up.</summary>
    public void Leave(RingEpoch epoch)
    {
        if (_byEpoch[epoch] == 1)
            _byEpoch.Remove(epoch);
        else
            _byEpoch[epoch]--;
    }

    /// <summary>Whether none of an epoch before this one is left.</summary>
    public bool IsDrainedBelow(RingEpoch fence) => _byEpoch.Keys.All(epoch => epoch >= fence);
}
