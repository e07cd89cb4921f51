using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;

namespace KvStore.Core.Membership;

/// <summary>
/// One node's copy of the log of rings. The ring of each epoch is decided by a Paxos register of its own, whose voters are the
/// members of the ring before; a decided ring is then learned by anybody from anybody. Only the current ring and the vote on the next
/// are kept: no node ever needs an older one.
/// <para>Owned by the ring's actor; not thread-safe; reads and writes of data never wait for it.</para>
/// Invariants: (1) at most one ring is ever decided for an epoch; (2) the current epoch never falls; (3) a node votes on an epoch
/// only while it holds the ring just before it and is a member there; (4) a ring of another cluster is never taken.
/// </summary>
public sealed class RingLog
{
    private readonly NodeId _self;
    private readonly BallotSource _ballots;
    private readonly RegisterOptions _options;
    private AcceptorState<Ring> _vote = AcceptorState<Ring>.Empty;
    private PaxosRound<Ring>? _round;
    private Ring? _wanted;
    private Ring? _proposed;
    private Ballot _highest;
    private int _attempt;
    private int _losses;

    /// <param name="self">The node whose copy this is.</param>
    /// <param name="cluster">The cluster it belongs to, or none if it was never admitted to one.</param>
    /// <param name="ballots">Where its ballots come from.</param>
    /// <param name="options">Timing of rounds.</param>
    public RingLog(NodeId self, ClusterId cluster, BallotSource ballots, RegisterOptions options)
    {
        _self = self;
        Cluster = cluster;
        _ballots = ballots;
        _options = options;
    }

    /// <summary>Set in tests only.</summary>
    internal PlantedRingBugs Bugs { get; init; }

    /// <summary>The cluster this node belongs to; none until it has learned its first ring.</summary>
    public ClusterId Cluster { get; private set; }

    /// <summary>The newest ring this node knows to be decided; null before the first.</summary>
    public Ring? Current { get; private set; }

    /// <summary>Whether a proposal made here is not settled yet.</summary>
    public bool IsProposing => _wanted is not null;

    private RingEpoch Epoch => Current?.Epoch ?? RingEpoch.None;

    /// <summary>The durable state after a restart: the newest ring, and the vote if it is on the epoch after it.</summary>
    public void Recover(Ring? ring, RingEpoch slot, AcceptorState<Ring> vote)
    {
        Current = ring;
        Cluster = ring?.Cluster ?? Cluster;
        _vote = slot == Epoch.Next() ? vote : AcceptorState<Ring>.Empty;
    }

    /// <summary>
    /// Proposes the ring of the next epoch. Settled later by <see cref="RingLogEffect.ProposalSettled"/>, which may never come while
    /// no majority of the members can be reached. False, and nothing done, if it does not follow the current ring or if another
    /// proposal is under way here.
    /// </summary>
    public bool Propose(Ring next, List<RingLogEffect> effects)
    {
        if (IsProposing || Current is null || next.Cluster != Cluster || next.Epoch != Epoch.Next())
            return false;
        _wanted = next;
        _losses = 0;
        BeginRound(effects);
        return true;
    }

    /// <summary>Gives up the proposal made here, unsettled. It may still be decided if it had got as far as any voter.</summary>
    public void Abandon()
    {
        _wanted = null;
        _round = null;
        _attempt++;
    }

    /// <summary>A message of another node's ring log, or of this one's own.</summary>
    public void OnMessage(NodeId from, RingLogMessage message, ulong random, List<RingLogEffect> effects)
    {
        if (IsForeign(from, message, effects))
            return;
        switch (message)
        {
            case RingLogMessage.Prepare prepare when MayVote(from, prepare.Slot, effects):
                var promise = _vote.OnPrepare(prepare.Ballot, out var promised);
                Vote(from, prepare.Slot, promise, Bugs.HasFlag(PlantedRingBugs.PromiseForgotten) ? _vote : promised, effects);
                break;
            case RingLogMessage.Accept accept when MayVote(from, accept.Ring.Epoch, effects):
                var answer = _vote.OnAccept(accept.Ballot, accept.Ring, out var accepted);
                Vote(from, accept.Ring.Epoch, answer, accepted, effects);
                break;
            case RingLogMessage.Answer reply when reply.Slot == Epoch.Next():
                OnAnswer(from, reply.Reply, random, effects);
                break;
            case RingLogMessage.Learned learned:
                Learn(learned.Ring, effects);
                break;
            case RingLogMessage.Behind behind when Current is not null && behind.Current < Epoch:
                effects.Add(new RingLogEffect.Send(from, new RingLogMessage.Learned(Current)));
                break;
        }
    }

    /// <summary>Somebody's message mentions an epoch: if it is newer than ours, ask for its ring.</summary>
    public void OnEpochSeen(NodeId from, RingEpoch epoch, List<RingLogEffect> effects)
    {
        if (epoch > Epoch)
            effects.Add(new RingLogEffect.Send(from, new RingLogMessage.Behind(Cluster, Epoch)));
    }

    /// <summary>A timer that was asked for has run out.</summary>
    public void OnTimer(int number, List<RingLogEffect> effects)
    {
        if (IsProposing && number == _attempt)
            BeginRound(effects);
    }

    private bool IsForeign(NodeId from, RingLogMessage message, List<RingLogEffect> effects)
    {
        if (message is RingLogMessage.OtherCluster)
            return true;
        if (Cluster.IsNone || message.Cluster == Cluster || (message.Cluster.IsNone && message is RingLogMessage.Behind))
            return false;
        effects.Add(new RingLogEffect.Send(from, new RingLogMessage.OtherCluster(Cluster)));
        return true;
    }

    /// <summary>Whether this node votes on that epoch now; if not, either side is told what it is missing.</summary>
    private bool MayVote(NodeId from, RingEpoch slot, List<RingLogEffect> effects)
    {
        if (Current is not null && slot <= Epoch)
            effects.Add(new RingLogEffect.Send(from, new RingLogMessage.Learned(Current)));
        else if (Current is null || slot != Epoch.Next())
            effects.Add(new RingLogEffect.Send(from, new RingLogMessage.Behind(Cluster, Epoch)));
        else
            return Current.Contains(_self);
        return false;
    }

    private void Vote(
        NodeId from, RingEpoch slot, AcceptorReply<Ring> reply, AcceptorState<Ring> next, List<RingLogEffect> effects)
    {
        if (!ReferenceEquals(next, _vote))
        {
            _vote = next;
            effects.Add(new RingLogEffect.PersistVote(slot, next));
        }

        effects.Add(new RingLogEffect.Send(from, new RingLogMessage.Answer(Cluster, slot, reply)));
    }

    private void BeginRound(List<RingLogEffect> effects)
    {
        _attempt++;
        _highest = _round is { } last && last.Highest > _highest ? last.Highest : _highest;
        var slot = Epoch.Next();
        _round = new PaxosRound<Ring>(_ballots.Next(slot, _highest), Voters()) { Bugs = Bugs };
        foreach (var member in Current!.Members)
            effects.Add(new RingLogEffect.Send(member.Id, new RingLogMessage.Prepare(Cluster, slot, _round.Ballot)));
        effects.Add(new RingLogEffect.StartTimer(_attempt, _options.RoundTimeout));
    }

    private void OnAnswer(NodeId from, AcceptorReply<Ring> reply, ulong random, List<RingLogEffect> effects)
    {
        if (_round is not { } round || reply.Ballot != round.Ballot)
            return;
        var before = round.Stage;
        round.OnReply(from, reply);
        if (round.Stage == before)
            return;
        switch (round.Stage)
        {
            case RoundStage.Promised:
                _proposed = round.Value ?? _wanted!;
                round.BeginAccept();
                foreach (var member in Current!.Members)
                    effects.Add(new RingLogEffect.Send(member.Id, new RingLogMessage.Accept(Cluster, round.Ballot, _proposed)));
                break;
            case RoundStage.Chosen:
                Decide(_proposed!, effects);
                break;
            case RoundStage.Lost:
                effects.Add(new RingLogEffect.StartTimer(_attempt, _options.Backoff(_losses++, random)));
                break;
        }
    }

    private void Decide(Ring ring, List<RingLogEffect> effects)
    {
        var told = Current!.Members.Concat(ring.Members).Select(member => member.Id).Distinct().Where(node => node != _self);
        Learn(ring, effects);
        foreach (var node in told)
            effects.Add(new RingLogEffect.Send(node, new RingLogMessage.Learned(ring)));
    }

    private void Learn(Ring ring, List<RingLogEffect> effects)
    {
        if (ring.Epoch <= Epoch)
            return;
        if (Current is null && !ring.Contains(_self))
        {
            effects.Add(new RingLogEffect.Excluded(ring));
            return;
        }

        Current = ring;
        Cluster = ring.Cluster;
        _vote = AcceptorState<Ring>.Empty;
        _highest = Ballot.None;
        effects.Add(new RingLogEffect.PersistRing(ring));
        effects.Add(new RingLogEffect.RingChanged(ring));
        Settle(ring, effects);
        if (!ring.Contains(_self))
            effects.Add(new RingLogEffect.Excluded(ring));
    }

    private void Settle(Ring decided, List<RingLogEffect> effects)
    {
        if (_wanted is not { } wanted)
            return;
        Abandon();
        effects.Add(new RingLogEffect.ProposalSettled(wanted, FateOf(wanted, decided)));
    }

    /// <summary>
    /// Somebody who found the proposal with a voter may have carried it through, and gone on; what was decided for its epoch nobody keeps.
    /// </summary>
    private static ProposalFate FateOf(Ring wanted, Ring decided) =>
        decided.Epoch > wanted.Epoch ? ProposalFate.Unknown
        : decided.IsSameAs(wanted) ? ProposalFate.Decided
        : ProposalFate.Superseded;

    private Electorate Voters() => Electorate.Of([.. Current!.Members.Select(member => member.Id)]);
}
