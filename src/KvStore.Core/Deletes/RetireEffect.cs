using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Deletes;

/// <summary>What a <see cref="RetireRound"/> wants done next. A closed set.</summary>
public abstract record RetireEffect
{
    private RetireEffect()
    {
    }

    /// <summary>Ask an owner what it has seen and under which incarnation it says so; answer with OnSeen or OnFailed.</summary>
    public sealed record Ask(NodeId Owner, RingEpoch Epoch) : RetireEffect;

    /// <summary>List the keys kept here whose states <see cref="RetireRound.Needs"/>; answer with OnListed.</summary>
    public sealed record ListKeys : RetireEffect
    {
        /// <summary>The only one.</summary>
        public static readonly ListKeys Instance = new();
    }

    /// <summary>Send the state of a key to the owner as a merge; answer with OnStored when it is on its disk, else with OnFailed.</summary>
    public sealed record Push(NodeId Owner, RingEpoch Epoch, BucketKey Key) : RetireEffect;

    /// <summary>Have the owner vouch for these (Replica.TryAdopt); answer with OnAdopted or OnFailed.</summary>
    public sealed record Adopt(NodeId Owner, RingEpoch Epoch, Incarnation Owners, VersionVector Origins) : RetireEffect;

    /// <summary>An owner vouches for these now (Replica.OnRetired).</summary>
    public sealed record Retired(VersionVector Origins) : RetireEffect;

    /// <summary>The last effect; what the round was for may go on, whether or not it came to an end.</summary>
    public sealed record End(bool IsRetired) : RetireEffect;
}
