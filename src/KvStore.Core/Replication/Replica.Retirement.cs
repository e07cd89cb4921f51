using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>How a stand-in's events come into an owner's care before the stand-in lets go of them: both sides of a RetireRound.</summary>
public sealed partial class Replica
{
    private VersionVector _retired = VersionVector.Empty;

    /// <summary>What a stand-in has minted and no owner vouches for yet: handed over before it drops its first copy.</summary>
    public VersionVector ToRetire => Role == ReplicaRole.Fallback && !_retired.Covers(Origins) ? Origins : VersionVector.Empty;

    /// <summary>Whether an owner vouches for all that was minted here, what is on its way to the disk too: a drop costs nothing then.</summary>
    public bool IsRetired => _retired.Covers(Meta.Origins) && _retired.Covers(_tenure.LastDot);

    /// <summary>
    /// A stand-in asks an owner what it has seen. Null, and to be asked again, unless this is an owner, whole, and of that epoch. What it
    /// answers holds for the incarnation that it mints under; an owner that has not minted since it became one begins one to be asked again.
    /// </summary>
    public (Incarnation Under, VersionVector Seen)? OnAskedSeen(RingEpoch epoch, List<ReplicaEffect> effects)
    {
        if (epoch != _fence.Epoch || Role != ReplicaRole.Primary || !Meta.IsWhole)
            return null;
        if (Tenure is { } tenure)
            return (tenure, Meta.Watermarks.Join(Origins));
        _tenure.Ask(effects);
        return null;
    }

    /// <summary>
    /// A stand-in has brought here whatever it minted up to these counters. Taken over only by a whole owner that has lost nothing since it
    /// was asked, when it minted under <paramref name="under"/>.
    /// </summary>
    public bool TryAdopt(RingEpoch epoch, Incarnation under, VersionVector origins, List<ReplicaEffect> effects)
    {
        var may = epoch == _fence.Epoch && Role == ReplicaRole.Primary && Meta.IsWhole && Tenure == under;
        if (may)
            AdoptOrigins(origins, effects);
        return may;
    }

    /// <summary>An owner vouches for what this stand-in has minted up to these counters.</summary>
    public void OnRetired(VersionVector origins) => _retired = _retired.Join(origins);
}
