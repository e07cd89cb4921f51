using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using KvStore.Core.Buckets;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Wire;

namespace KvStore.Node.Membership;

/// <summary>
/// Changes of the ring: operators' commands, and the carrying through of what was committed. The lowest of the members that this node can
/// reach directs a move; two at once do no harm.
/// </summary>
public sealed partial class RingOwnerActor
{
    private static readonly TimeSpan SpreadPatience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<RingEpoch, (IActorRef Asker, HashSet<NodeId> Missing)> _spreads = [];
    private readonly StagedChanges _staged = new();
    private readonly MoveDirector _director;
    private readonly List<MoveEffect> _moves = [];
    private IActorRef? _operator;
    private bool _isOwnMove;
    private bool _isSpread;

    private void TakeChanges()
    {
        Command<NodeProtocol.StageChange>(stage =>
            Sender.Tell(new NodeProtocol.ChangeAnswered(Me, Stage(stage.Change, stage.NewcomerCluster))));
        Command<NodeProtocol.ChangeAnswered>(OnAnsweredBySeed);
        Command<RingCommands.GetStatus>(_ => Sender.Tell(Status()));
        Command<RingCommands.Stage>(stage => Answer(Stage(stage.Change, ClusterId.None)));
        Command<RingCommands.StageReplace>(OnStageReplace);
        Command<RingCommands.Clear>(_ =>
        {
            _staged.Clear();
            Answer(null);
        });
        Command<RingCommands.Plan>(_ => OnPlan());
        Command<RingCommands.Commit>(OnCommit);
        Command<RingCommands.Cancel>(_ => OnCancel());
        Command<RingCommands.ChangeBucket>(OnChangeBucket);
        Command<GiveUp>(_ => OnGiveUp());
        Command<NodeProtocol.EpochReached>(reached => OnReached(reached.From, reached.Epoch));
        Command<SpreadTooLong>(late => EndSpread(late.Epoch));
        Command<RingCommands.LookAfterMoves>(_ => Direct());
        Command<ReplicaProtocol.ReplicaFenced>(fenced =>
            Move(effects => _director.OnFenced(fenced.Node, fenced.Partition, fenced.Epoch, IsLive, effects)));
        Command<ReplicaProtocol.ReplicaFilled>(filled =>
            Move(effects => _director.OnFilled(filled.Node, filled.Partition, filled.Epoch, IsLive, effects)));
        Command<ReplicaProtocol.ReplicaRefused>(_ => { }); // asked again at the next tick
        Command<ReplicaProtocol.KeysReaffirmed>(done =>
            Move(effects => _director.OnReaffirmed(done.Node, done.Partition, done.Epoch, IsLive, effects)));
    }

    private RingCommands.RingStatus Status()
    {
        var (moving, waiting) = (0, 0);
        foreach (var phase in _rings.Current?.Phases ?? [])
        {
            if (phase == MovePhase.Waiting) waiting++;
            else if (phase is not (MovePhase.None or MovePhase.Done)) moving++;
        }
        return new RingCommands.RingStatus(_rings.Current, _staged.Changes, _rings.IsProposing, moving, waiting);
    }

    private RingRefusal? Stage(RingChange change, ClusterId newcomer)
    {
        if (_rings.Current is not { } ring) return RingRefusal.NotMember;
        if (IsStaged(change)) return null; // a node that joins asks again and again
        var refusal = _staged.Stage(ring, change, newcomer);
        if (refusal is null) _log.Info("Staged: {Change}", change);
        return refusal;
    }

    private bool IsStaged(RingChange change) => _staged.Changes.Contains(change)
        || (change is RingChange.Join && _staged.Changes.Any(staged => staged is RingChange.Replace replace && replace.Member.Id == change.Node));

    private void OnStageReplace(RingCommands.StageReplace m)
    {
        var before = _staged.Changes;
        if (before.OfType<RingChange.Join>().FirstOrDefault(join => join.Node == m.Newcomer) is not { } newcomer)
        {
            Sender.Tell(new RingCommands.Answered(
                RingCommands.Outcome.Refused,
                "That node has not asked this one to be let in. Nothing was changed; start it with this node among its seeds, and stage again.", Epoch));
            return;
        }
        var refusal = Restage(before.Remove(newcomer), new RingChange.Replace(m.Lost, newcomer.Member));
        if (refusal is not null) Restage(before, null);
        Answer(refusal);
    }

    private RingRefusal? Restage(IEnumerable<RingChange> changes, RingChange? last)
    {
        _staged.Clear();
        foreach (var change in changes) _staged.Stage(_rings.Current!, change);
        return last is null ? null : _staged.Stage(_rings.Current!, last);
    }

    private void OnAnsweredBySeed(NodeProtocol.ChangeAnswered answer)
    {
        if (_rings.Current is not null || answer.Refusal is null or RingRefusal.AlreadyMember or RingRefusal.ChangeUnderWay) return;
        _log.Warning("Node {Node} does not let this node join: {Why}", answer.From, RingWords.Of(answer.Refusal.Value));
    }

    private void OnPlan()
    {
        if (_rings.Current is not { } ring)
        {
            Sender.Tell(new RingCommands.Planned(null, RingWords.Of(RingRefusal.NotMember)));
            return;
        }
        var refusal = _staged.Plan(ring, partitionBytes: null, out var plan);
        Sender.Tell(new RingCommands.Planned(plan, refusal is { } why ? RingWords.Of(why) : ""));
    }

    private void OnCommit(RingCommands.Commit commit)
    {
        if (_rings.Current is not { } ring) Answer(RingRefusal.NotMember);
        else if (ring.Buckets.Definitions.FirstOrDefault(bucket => MayNotMove(ring, bucket)) is { } bucket) RefuseToMove(ring, bucket.Name, bucket.Quorum.N);
        else if (_staged.Commit(ring, commit.AcceptRisk, out var next) is { } refusal) Answer(refusal);
        else ProposeFor(Sender, next!);
    }

    private void OnCancel()
    {
        if (_rings.Current is not { IsChanging: true } ring) Answer(RingRefusal.NothingStaged);
        else if (RingSteps.Cancel(ring, out var next) is { } refusal) Answer(refusal);
        else ProposeFor(Sender, next!);
    }

    private void OnChangeBucket(RingCommands.ChangeBucket change)
    {
        if (_rings.Current is not { } ring) Answer(RingRefusal.NotMember);
        else if (ring.IsChanging && change.Change is BucketChange.Create { Policy: BucketPolicy.Strong } strong && strong.Quorum.N != ring.Replicas)
            RefuseToMove(ring, strong.Name, strong.Quorum.N);
        else if (RingSteps.ChangeBucket(ring, change.Change, out var next) is { } refusal)
            Sender.Tell(new RingCommands.Answered(RingCommands.Outcome.Refused, refusal.Words, ring.Epoch));
        else ProposeFor(Sender, next!, isSpread: true);
    }

    /// <summary>
    /// Who votes on a strong key changes with the partition's phases, and those follow the primaries of as many copies as the ring keeps.
    /// </summary>
    private static bool MayNotMove(Ring ring, BucketDefinition bucket) => bucket.IsStrong && bucket.Quorum.N != ring.Replicas;

    private void RefuseToMove(Ring ring, BucketName bucket, int copies) => Sender.Tell(new RingCommands.Answered(
        RingCommands.Outcome.Refused,
        $"Bucket '{bucket}' is strong and keeps {copies} copies where the ring keeps {ring.Replicas}: such keys do not move. Nothing was "
        + "changed; have no such bucket while the ring changes.",
        ring.Epoch));

    private void ProposeFor(IActorRef asker, Ring next, bool isSpread = false)
    {
        // A move's own proposal has to make room: it is made again once this one is decided.
        if (_isOwnMove && _operator is null) GiveUpProposal();
        var accepted = false;
        Do(effects => accepted = _rings.Propose(next, effects));
        if (!accepted)
        {
            Answer(RingRefusal.ChangeUnderWay);
            return;
        }
        (_operator, _isSpread) = (asker, isSpread);
        Timers.StartSingleTimer(GiveUp.Instance, GiveUp.Instance, _context.ProposalPatience);
    }

    private void OnSettled(RingLogEffect.ProposalSettled settled)
    {
        var isDecided = settled.Fate == ProposalFate.Decided;
        Timers.Cancel(GiveUp.Instance);
        if (_isOwnMove && !isDecided) _director.OnProposalFailed();
        _isOwnMove = false;
        if (isDecided && settled.Proposed.IsChanging) _staged.Clear();
        var asker = _operator;
        _operator = null;
        if (isDecided && _isSpread && asker is not null) Spread(asker, settled.Proposed);
        else asker?.Tell(settled.Fate switch
        {
            ProposalFate.Decided => new RingCommands.Answered(RingCommands.Outcome.Done, "", settled.Proposed.Epoch),
            ProposalFate.Superseded => new RingCommands.Answered(RingCommands.Outcome.Refused, RingWords.Of(RingRefusal.PlanOutdated), Epoch),
            _ => new RingCommands.Answered(
                RingCommands.Outcome.Unknown,
                "The ring has gone on before this node heard whether the change was decided: it may have been. Look at the ring before trying again.",
                Epoch),
        });
    }

    /// <summary>
    /// A change of a bucket is done when every node that can be reached refuses what comes from before: a write that is acknowledged after that
    /// belongs to the bucket as it is now.
    /// </summary>
    private void Spread(IActorRef asker, Ring ring)
    {
        var others = ring.Members.Select(member => member.Id).Where(node => node != Me && IsLive(node)).ToHashSet();
        _spreads[ring.Epoch] = (asker, others);
        foreach (var node in others) _context.Routes.RingOf(node).Tell(new NodeProtocol.AskEpoch(Me, ring.Epoch), Self);
        Timers.StartSingleTimer(ring.Epoch, new SpreadTooLong(ring.Epoch), SpreadPatience);
        OnReached(Me, ring.Epoch);
    }

    private void OnReached(NodeId node, RingEpoch epoch)
    {
        foreach (var (spread, (_, missing)) in _spreads.Where(spread => spread.Key <= epoch).ToList())
        {
            missing.Remove(node);
            if (missing.Count == 0) EndSpread(spread);
        }
    }

    private void EndSpread(RingEpoch epoch)
    {
        if (!_spreads.Remove(epoch, out var spread)) return;
        Timers.Cancel(epoch);
        spread.Asker.Tell(new RingCommands.Answered(RingCommands.Outcome.Done, spread.Missing.Count == 0 ? "" :
            $"It is done, but these nodes have not said yet that they follow: {string.Join(", ", spread.Missing.Order())}.", epoch));
    }

    private void OnGiveUp()
    {
        GiveUpProposal();
        _operator?.Tell(new RingCommands.Answered(
            RingCommands.Outcome.Unknown,
            "No majority of the ring's members has answered in time. The change may still be decided; look at the ring before trying again.",
            Epoch));
        _operator = null;
    }

    private void GiveUpProposal()
    {
        _rings.Abandon();
        if (_isOwnMove) _director.OnProposalFailed();
        _isOwnMove = false;
    }

    /// <summary>Carries a change through, if it is this node's turn to.</summary>
    private void Direct()
    {
        if (_rings.Current is not { IsChanging: true } ring || !IsDirector(ring)) return;
        Move(effects =>
        {
            _director.OnRing(ring, IsLive, effects);
            _director.OnTick(IsLive, effects);
        });
    }

    private void Move(Action<List<MoveEffect>> step)
    {
        step(_moves);
        var moves = _moves.ToArray();
        _moves.Clear();
        foreach (var move in moves) Perform(move);
    }

    private void Perform(MoveEffect move)
    {
        switch (move)
        {
            case MoveEffect.AskFence fence:
                _context.Routes.ReplicasOf(fence.Owner).Tell(new ReplicaProtocol.FenceReplica(fence.Epoch, fence.Partition));
                break;
            case MoveEffect.AskFill fill:
                _context.Routes.HandoffOf(fill.Fill.Receiver).Tell(new ReplicaProtocol.FillReplica(fill.Epoch, fill.Partition, fill.Fill.Sources));
                break;
            case MoveEffect.AskReaffirm reaffirm:
                _context.Routes.HandoffOf(reaffirm.Owner).Tell(new ReplicaProtocol.ReaffirmKeys(reaffirm.Epoch, reaffirm.Partition));
                break;
            case MoveEffect.Propose propose:
                ProposeMove(propose.Ring);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void ProposeMove(Ring next)
    {
        if (_rings.IsProposing)
        {
            _director.OnProposalFailed();
            return;
        }
        _isOwnMove = true;
        Do(effects =>
        {
            if (_rings.Propose(next, effects)) return;
            _isOwnMove = false;
            _director.OnProposalFailed();
        });
        if (_isOwnMove) Timers.StartSingleTimer(GiveUp.Instance, GiveUp.Instance, _context.ProposalPatience);
    }

    private bool IsDirector(Ring ring) =>
        ring.Members.Where(member => IsLive(member.Id)).Select(member => member.Id).FirstOrDefault() == Me;

    /// <summary>A member that an operator has called lost does not count as living, whatever it says.</summary>
    private bool IsLive(NodeId node) =>
        _rings.Current?.Member(node) is { Status: not RingMemberStatus.Removing }
        && (node == Me || _context.Reachability.IsReachable(node));

    private RingEpoch Epoch => _rings.Current?.Epoch ?? RingEpoch.None;

    private void Answer(RingRefusal? refusal) => Sender.Tell(refusal is { } why
        ? new RingCommands.Answered(RingCommands.Outcome.Refused, RingWords.Of(why), Epoch)
        : new RingCommands.Answered(RingCommands.Outcome.Done, "", Epoch));

    private sealed record SpreadTooLong(RingEpoch Epoch);

    private sealed class GiveUp
    {
        public static readonly GiveUp Instance = new();
    }
}
