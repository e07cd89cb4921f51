using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Deletes;

/// <summary>
/// What a stand-in does before it drops its first copy: it hands all that its incarnations minted to one whole owner, which vouches for
/// them from then on. Without it no owner could ever say that it has seen every event of a stand-in, and a tombstone that names one would
/// stay for ever. Driven by the hint actor, one round a partition at a time; not thread-safe.
/// <para>Invariants: (1) what is to be vouched for was read before the keys were listed, and no copy was dropped since it was minted;
/// (2) the owner adopts only what is on its disk under the incarnation that it named at the beginning: whatever it lost since has ended
/// that one; (3) a round that fails changes nothing, and dropping then only costs the chance to reap those tombstones;
/// (4) a round is about what was stored when it began: who drops after it has the replica look whether more was minted since
/// (Replica.IsRetired).</para>
/// </summary>
/// <param name="epoch">The ring that makes the owner one.</param>
/// <param name="owner">A reachable owner, by preference the one for which most is kept.</param>
/// <param name="origins">Replica.ToRetire.</param>
public sealed class RetireRound(RingEpoch epoch, NodeId owner, VersionVector origins)
{
    private readonly HashSet<BucketKey> _waiting = [];
    private VersionVector _seen = VersionVector.Empty;
    private Incarnation _under;
    private bool _ended;

    /// <summary>Defects that tests switch on.</summary>
    internal PlantedBugs Bugs { get; init; }

    /// <summary>Begins.</summary>
    public void Start(List<RetireEffect> effects)
    {
        if (origins.IsEmpty)
            End(isRetired: false, effects);
        else
            effects.Add(new RetireEffect.Ask(owner, epoch));
    }

    /// <summary>The owner is whole, mints under this incarnation, and has seen this.</summary>
    public void OnSeen(Incarnation under, VersionVector seen, List<RetireEffect> effects)
    {
        if (_ended || _under != default)
            return;
        (_under, _seen) = (under, seen);
        if (seen.Covers(origins))
            Retire(effects);
        else if ((Bugs & PlantedBugs.RetiredUnseen) != 0)
            AdoptWhenAllIsThere(effects);
        else
            effects.Add(RetireEffect.ListKeys.Instance);
    }

    /// <summary>Whether the state names an event that the owner has yet to see.</summary>
    public bool Needs(SiblingSet state)
    {
        foreach (ref readonly var entry in state.Context.Entries)
        {
            if (origins[entry.Incarnation] > 0 && !_seen.Covers(entry))
                return true;
        }

        return false;
    }

    /// <summary>The keys that <see cref="Needs"/> holds for.</summary>
    public void OnListed(IEnumerable<BucketKey> keys, List<RetireEffect> effects)
    {
        if (_ended)
            return;
        _waiting.UnionWith(keys);
        foreach (var key in _waiting.Order())
            effects.Add(new RetireEffect.Push(owner, epoch, key));
        AdoptWhenAllIsThere(effects);
    }

    /// <summary>The owner has the state of a key on its disk.</summary>
    public void OnStored(BucketKey key, List<RetireEffect> effects)
    {
        if (!_ended && _waiting.Remove(key))
            AdoptWhenAllIsThere(effects);
    }

    /// <summary>The owner vouches for everything from now on, and that is on its disk.</summary>
    public void OnAdopted(List<RetireEffect> effects)
    {
        if (!_ended)
            Retire(effects);
    }

    /// <summary>The owner refused, cannot be reached, or is overdue.</summary>
    public void OnFailed(List<RetireEffect> effects)
    {
        if (!_ended)
            End(isRetired: false, effects);
    }

    private void AdoptWhenAllIsThere(List<RetireEffect> effects)
    {
        if (_waiting.Count == 0)
            effects.Add(new RetireEffect.Adopt(owner, epoch, _under, origins));
    }

    private void Retire(List<RetireEffect> effects)
    {
        effects.Add(new RetireEffect.Retired(origins));
        End(isRetired: true, effects);
    }

    private void End(bool isRetired, List<RetireEffect> effects)
    {
        _ended = true;
        effects.Add(new RetireEffect.End(isRetired));
    }
}
