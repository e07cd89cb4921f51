using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>
/// The door of a replica: which epochs are refused, and which calls of older ones are still inside. Owned by one
/// <see cref="Replica"/>; not thread-safe.
/// <para>Invariant: a fence is confirmed only when it is durable and no call of an older epoch is inside.</para>
/// </summary>
internal sealed class ReplicaFence(RingEpoch epoch)
{
    private readonly CallsInside _inside = new();
    private readonly List<(CallId Call, RingEpoch Epoch)> _waiting = [];
    private RingEpoch _durable = epoch;

    /// <summary>Calls of older epochs are refused.</summary>
    public RingEpoch Epoch { get; private set; } = epoch;

    /// <summary>The epoch up to which the fence is durable and drained.</summary>
    public RingEpoch Confirmed { get; private set; } = epoch;

    /// <summary>A call that changes something has entered.</summary>
    public void Enter(RingEpoch callEpoch) => _inside.Enter(callEpoch);

    /// <summary>It has been answered.</summary>
    public void Leave(RingEpoch callEpoch) => _inside.Leave(callEpoch);

    /// <summary>Raises the fence; true when it has to be made durable.</summary>
    public bool Raise(CallId call, RingEpoch fence)
    {
        _waiting.Add((call, fence));
        if (fence <= Epoch)
            return false;
        Epoch = fence;
        return true;
    }

    /// <summary>A fence is durable.</summary>
    public void OnSaved(RingEpoch fence)
    {
        if (fence > _durable)
            _durable = fence;
    }

    /// <summary>Takes out the fence calls that can be confirmed now: durable, and drained of older calls.</summary>
    public void Confirm(PlantedBugs bugs, List<ReplicaEffect> effects)
    {
        if (_waiting.Count == 0)
            return;
        for (var i = 0; i < _waiting.Count; i++)
        {
            var (call, fence) = _waiting[i];
            if (fence > _durable)
                continue;
            if (!_inside.IsDrainedBelow(fence) && (bugs & PlantedBugs.FenceNotDrained) == 0)
                continue;
            if (fence > Confirmed)
                Confirmed = fence;
            effects.Add(new ReplicaEffect.Fenced(call, fence));
            _waiting.RemoveAt(i--);
        }
    }
}
