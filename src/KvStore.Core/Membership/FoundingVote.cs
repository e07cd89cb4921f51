using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Membership;

/// <summary>
/// Who forms the actor systems' cluster, when the store is new and when all of it has been down: a node joins the members of its ring
/// and forms nothing by itself, or two clusters would come to be that never merge. When a majority of the ring's members says that it
/// is in none, and promises itself to one of them, that one forms it; nobody tries who cannot reach a majority. The ring is untouched by
/// any of this.
/// <para>One owner; not thread-safe. Nothing is kept over a restart: a node that has started again promises nothing for as long as a
/// promise of its last life could hold.</para>
/// Invariants: (1) a node has promised itself to one other at most, at any time; (2) a node that is in a cluster promises nothing; (3)
/// who forms a cluster holds the promises of a majority at that moment, its own among them; (4) a promise to another is not made longer by being
/// asked for again: where two divide the votes, each vote is free again in time.
/// </summary>
/// <param name="self">The node that votes.</param>
/// <param name="started">When it started; monotonic.</param>
/// <param name="isFirstStart">Whether it had no life before, in which it could have promised anything.</param>
public sealed class FoundingVote(NodeId self, TimeSpan started, bool isFirstStart)
{
    /// <summary>How long a promise binds who gave it; longer than its holder may make use of it.</summary>
    public static readonly TimeSpan Promise = TimeSpan.FromSeconds(6);

    /// <summary>How long a candidate counts what it was promised, from the moment before it asked.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private readonly HashSet<NodeId> _granted = [];
    private NodeId _promisedTo;
    private TimeSpan _promisedUntil = isFirstStart ? started : started + Promise;
    private TimeSpan _countedUntil;
    private uint _round;
    private bool _isOver;

    /// <summary>This node is in a cluster: there is nothing to form any more.</summary>
    public void OnMember() => _isOver = true;

    /// <summary>This node is in none; time to try.</summary>
    /// <param name="now">Monotonic.</param>
    /// <param name="ring">The members have a vote each.</param>
    /// <param name="isReachable">Those that cannot be reached are not waited for; the lowest of the others tries.</param>
    /// <param name="effects">What to do.</param>
    public void OnTick(TimeSpan now, Ring ring, Func<NodeId, bool> isReachable, List<FoundingEffect> effects)
    {
        var candidate = ring.Members.Select(member => member.Id).FirstOrDefault(node => node == self || isReachable(node));
        if (_isOver || candidate != self || (ring.Members.Length > 1 && IsBound(self, now)))
            return;
        if (ring.Members.Count(member => member.Id == self || isReachable(member.Id)) < ring.Majority)
            return;
        if (now >= _countedUntil || _promisedTo != self)
        {
            (_promisedTo, _promisedUntil, _countedUntil) = (self, now + Promise, now + Window);
            _round++;
            _granted.Clear();
            _granted.Add(self);
        }

        foreach (var member in ring.Members.Where(member => !_granted.Contains(member.Id)))
            effects.Add(new FoundingEffect.Ask(member.Id, _round));
        FoundIfMajority(ring, effects);
    }

    /// <summary>Another member of the ring would form a cluster.</summary>
    public FoundingAnswer OnAsked(NodeId from, TimeSpan now)
    {
        if (_isOver)
            return FoundingAnswer.IsMember;
        if (IsBound(from, now))
            return FoundingAnswer.Refused;
        if (_promisedTo == from && now < _promisedUntil)
            return now + Window <= _promisedUntil ? FoundingAnswer.Granted : FoundingAnswer.Refused;
        (_promisedTo, _promisedUntil) = (from, now + Promise);
        _granted.Clear();
        return FoundingAnswer.Granted;
    }

    /// <summary>A member's answer to a round of this node.</summary>
    public void OnAnswered(NodeId from, uint round, FoundingAnswer answer, TimeSpan now, Ring ring, List<FoundingEffect> effects)
    {
        if (_isOver || answer != FoundingAnswer.Granted || round != _round || now >= _countedUntil || _promisedTo != self)
            return;
        _granted.Add(from);
        FoundIfMajority(ring, effects);
    }

    private bool IsBound(NodeId asker, TimeSpan now) => now < _promisedUntil && _promisedTo != asker;

    private void FoundIfMajority(Ring ring, List<FoundingEffect> effects)
    {
        if (ring.Members.Count(member => _granted.Contains(member.Id)) < ring.Majority)
            return;
        _isOver = true;
        effects.Add(FoundingEffect.Found.Instance);
    }
}
