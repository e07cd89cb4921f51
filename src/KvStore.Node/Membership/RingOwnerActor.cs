using System.Buffers.Binary;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Wire;

namespace KvStore.Node.Membership;

/// <summary>
/// /user/kv/ring/owner: this node's copy of the log of rings, durable. Votes and learns as its <see cref="RingLog"/> says, publishes the ring
/// in force, and takes operators' changes (RingOwnerActor.Changes.cs). A node with a ring on its disk uses that; one without begins with the
/// ring of its settings, or asks a seed to be let in. Parent: /user/kv/ring, which passes on what comes to it, and starts this again after a
/// pause when it has stopped: as it does when its journal fails.
/// <para>Invariants: (1) nothing that follows a vote or a ring is said or done before that is on disk; (2) what is published was written
/// down; (3) the journal's tail after the last snapshot holds every vote that still counts.</para>
/// </summary>
public sealed partial class RingOwnerActor : ReceivePersistentActor, IWithTimers
{
    /// <summary>How many records are written between two snapshots.</summary>
    private const int RecordsBetweenSnapshots = 32;

    /// <summary>For how many looks somebody is out of reach before it is asked past the links.</summary>
    private const int LooksBeforeAsking = 5;

    /// <summary>How many times seeds are asked in vain before it is said, and then between one word and the next.</summary>
    private const int AsksBeforeWord = 10;

    private const int AsksBetweenWords = 60;

    /// <summary>Requests that wait for a newer ring; one more is left to its deadline.</summary>
    private const int MaxWaiting = 10_000;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RingOwnerContext _context;
    private readonly RingLog _rings;
    private readonly Queue<RingLogEffect> _todo = new();
    private readonly Dictionary<NodeId, IActorRef> _strangers = [];
    private readonly List<(RingEpoch AtLeast, IActorRef Asker, bool IsPeer)> _waiting = [];
    private Ring? _recovered;
    private RingRecord.Voted? _vote;
    private ulong _draws;
    private int _sinceSnapshot;
    private bool _isWriting;
    private int _looksAway;
    private int _unanswered;
    private bool _isHeard;
    private bool _abstains;

    public RingOwnerActor(RingOwnerContext context)
    {
        _context = context;
        if (context.Plugins.Journal.Length > 0) (JournalPluginId, SnapshotPluginId) = context.Plugins;
        _rings = new RingLog(context.Self.Id, context.Cluster, context.Ballots, context.Rounds);
        _director = new MoveDirector(context.Moves);
        Recover<SnapshotOffer>(offer => Replay((RingRecord)offer.Snapshot));
        Recover<RingRecord>(Replay);
        Recover<RecoveryCompleted>(_ => OnRecovered());
        Command<NodeProtocol.RingLogSays>(OnSays);
        Command<RingCommands.EpochSeen>(seen => Do(effects => _rings.OnEpochSeen(seen.Node, seen.Epoch, effects)));
        Command<RingCommands.AwaitEpoch>(m => Await(m.Node, m.AtLeast, isPeer: false));
        Command<NodeProtocol.AskEpoch>(m => Await(m.From, m.AtLeast, isPeer: true));
        Command<RoundTimer>(timer => Do(effects => _rings.OnTimer(timer.Number, effects)));
        Command<Tick>(_ => OnTick());
        Command<SaveSnapshotSuccess>(saved =>
        {
            DeleteMessages(saved.Metadata.SequenceNr);
            DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
        });
        Command<SaveSnapshotFailure>(failed => _log.Warning("The ring's snapshot was not written, its journal grows: {0}", failed.Cause.Message));
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteSnapshotsSuccess>(_ => { });
        TakeChanges();
    }

    public override string PersistenceId => RingRecord.Journal;

    public ITimerScheduler Timers { get; set; } = null!;

    private NodeId Me => _context.Self.Id;

    public static Props Props(RingOwnerContext context) => Akka.Actor.Props.Create(() => new RingOwnerActor(context));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _log.Error(cause, "The ring's journal did not take a record; nothing that follows from it was said. The ring's owner starts again from what "
            + "is written");

    private void Replay(RingRecord record)
    {
        if (record is RingRecord.Decided decided) (_recovered, _vote) = (decided.Ring, null);
        else if (record is RingRecord.Abstains) _abstains = true;
        else _vote = (RingRecord.Voted)record;
    }

    private void OnRecovered()
    {
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, _context.TickInterval, _context.TickInterval);
        if (_recovered is { } ring) Begin(ring);
        else if (_context.First is { } first) BeginWith(first);
        else Ask();
    }

    /// <summary>
    /// The ring of the settings, for want of one on the disk. Where the cluster is not new, the disk was lost, and this node's votes with it: what
    /// it has promised nobody knows, so that it must not vote again.
    /// </summary>
    private void BeginWith(Ring first)
    {
        RingRecord[] records = _context.Founds ? [new RingRecord.Decided(first)] : [new RingRecord.Abstains(), new RingRecord.Decided(first)];
        _abstains = !_context.Founds;
        PersistAll(records, record =>
        {
            if (record is RingRecord.Decided) Begin(first);
        });
    }

    private void Begin(Ring ring)
    {
        if (_abstains)
            _log.Warning("This node has lost its data, and its votes with it: it serves, but it votes on no change of the ring. Have a node with a "
                + "new id take its place.");
        _rings.Recover(ring, _vote?.Slot ?? RingEpoch.None, _vote?.Vote ?? AcceptorState<Ring>.Empty);
        _log.Info("The ring is {Epoch} of cluster {Cluster}, with {Members} members", ring.Epoch, ring.Cluster, ring.Members.Length);
        Publish(ring);
        if (!ring.Contains(Me)) Exclude(ring);
    }

    private void OnSays(NodeProtocol.RingLogSays says)
    {
        if (says.From != Me)
        {
            Remember(says.From);
            OnHeard(says.From);
        }
        if (_abstains && says.Message is (RingLogMessage.Prepare or RingLogMessage.Accept)) return;
        Do(effects => _rings.OnMessage(says.From, says.Message, NextRandom(), effects));
    }

    /// <summary>The asker is told when a ring of at least that epoch, which that node has, is in force here.</summary>
    private void Await(NodeId node, RingEpoch atLeast, bool isPeer)
    {
        if (_context.Ring.Value is { } ring && ring.Epoch >= atLeast)
        {
            Sender.Tell(InForce(ring, isPeer));
            return;
        }
        if (_waiting.Count < MaxWaiting) _waiting.Add((atLeast, Sender, isPeer));
        Do(effects => _rings.OnEpochSeen(node, atLeast, effects));
    }

    private object InForce(Ring ring, bool isPeer) =>
        isPeer ? new NodeProtocol.EpochReached(Me, ring.Epoch) : new CurrentRing.RingChanged(ring);

    /// <summary>
    /// A node that is no member yet, or does not know that it is, has no link here: it is answered where it wrote from, until it writes over a
    /// link. A few of them, not every passer-by.
    /// </summary>
    private void Remember(NodeId from)
    {
        _strangers.Remove(from);
        if (Sender.IsNobody() || Sender.Equals(Context.System.DeadLetters)) return;
        if (_strangers.Count >= Ring.MaxMembers) _strangers.Clear();
        _strangers[from] = Sender;
    }

    private void OnTick()
    {
        if (_rings.Current is null) Ask();
        else
        {
            AskPastLinks(_rings.Current);
            Direct();
        }
    }

    /// <summary>
    /// A node that the ring has gone on without while it was away has no link to the others any more, and would never hear of it: when a member
    /// has been out of reach for some time, those that are get asked where they were, each in turn.
    /// </summary>
    private void AskPastLinks(Ring ring)
    {
        var away = ring.Members.Where(member => member.Id != Me && !_context.Reachability.IsReachable(member.Id)).ToList();
        _looksAway = away.Count == 0 ? 0 : _looksAway + 1;
        if (_looksAway <= LooksBeforeAsking) return;
        var place = away[_looksAway % away.Count].Address;
        _context.Routes.RingAt(place).Tell(new NodeProtocol.RingLogSays(Me, new RingLogMessage.Behind(_rings.Cluster, ring.Epoch)));
    }

    /// <summary>Not a member yet: ask a seed to stage this node's joining, and what its ring is now.</summary>
    private void Ask()
    {
        if (_context.Seeds.Count == 0) return;
        SayIfUnanswered();
        var seed = _context.Routes.RingAt(_context.Seeds[(int)(NextRandom() % (ulong)_context.Seeds.Count)]);
        var joining = _context.Self with { Status = RingMemberStatus.Joining };
        seed.Tell(new NodeProtocol.StageChange(_context.Cluster, new RingChange.Join(joining)));
        seed.Tell(new NodeProtocol.RingLogSays(Me, new RingLogMessage.Behind(_rings.Cluster, RingEpoch.None)));
    }

    private void SayIfUnanswered()
    {
        if (_unanswered++ < AsksBeforeWord || (_unanswered - AsksBeforeWord) % AsksBetweenWords != 1) return;
        _log.Warning("This node waits to be let in, and none of kv-store.cluster.seeds answers: {Seeds}. Each is HOST:PORT of a member's remoting; it goes "
            + "on asking.", string.Join(", ", _context.Seeds));
    }

    private void OnHeard(NodeId from)
    {
        _unanswered = 0;
        if (_isHeard || _rings.Current is not null) return;
        _isHeard = true;
        _log.Info("Node {From} answers: this one is let in once a change of the ring that contains it is committed there", from);
    }

    private void Do(Action<List<RingLogEffect>> step)
    {
        var effects = new List<RingLogEffect>();
        step(effects);
        foreach (var effect in effects) _todo.Enqueue(effect);
        if (!_isWriting) GoOn();
    }

    /// <summary>Carries the effects out in order; where one has to be written first, the rest waits for the disk.</summary>
    private void GoOn()
    {
        while (!_isWriting && _todo.TryDequeue(out var effect)) Perform(effect);
    }

    private void Perform(RingLogEffect effect)
    {
        switch (effect)
        {
            case RingLogEffect.PersistVote vote:
                Write(new RingRecord.Voted(vote.Slot, vote.Vote));
                break;
            case RingLogEffect.PersistRing ring:
                Write(new RingRecord.Decided(ring.Ring));
                break;
            case RingLogEffect.Send send:
                Send(send.To, send.Message);
                break;
            case RingLogEffect.RingChanged changed:
                _log.Info("The ring is {Epoch} now: {Members} members, {Moving} partitions on the move", changed.Ring.Epoch,
                    changed.Ring.Members.Length, changed.Ring.Phases.Count(phase => phase is not (MovePhase.None or MovePhase.Done)));
                Publish(changed.Ring);
                Direct();
                break;
            case RingLogEffect.Excluded excluded:
                if (_rings.Current is not null) Exclude(excluded.Ring);
                break;
            case RingLogEffect.StartTimer timer:
                Timers.StartSingleTimer(nameof(RoundTimer), new RoundTimer(timer.Number), timer.Delay);
                break;
            case RingLogEffect.ProposalSettled settled:
                OnSettled(settled);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Write(RingRecord record)
    {
        _isWriting = true;
        Persist(record, _ =>
        {
            _isWriting = false;
            if (++_sinceSnapshot >= RecordsBetweenSnapshots && record is RingRecord.Decided) TakeSnapshot(record);
            GoOn();
        });
    }

    /// <summary>A ring alone is the whole state: a vote counts only for the epoch after it, and there is none yet.</summary>
    private void TakeSnapshot(RingRecord decided)
    {
        _sinceSnapshot = 0;
        SaveSnapshot(decided);
        if (_abstains) Persist(new RingRecord.Abstains(), _ => { });
    }

    private void Send(NodeId to, RingLogMessage message)
    {
        var says = new NodeProtocol.RingLogSays(Me, message);
        if (to == Me) Self.Tell(says);
        else if (_strangers.TryGetValue(to, out var stranger)) stranger.Tell(says);
        else _context.Routes.RingOf(to).Tell(says);
    }

    private void Publish(Ring ring)
    {
        _context.Ring.Publish(ring);
        Context.System.EventStream.Publish(new CurrentRing.RingChanged(ring));
        foreach (var waiting in _waiting.Where(waiting => waiting.AtLeast <= ring.Epoch)) waiting.Asker.Tell(InForce(ring, waiting.IsPeer));
        _waiting.RemoveAll(waiting => waiting.AtLeast <= ring.Epoch);
    }

    private static void Exclude(Ring ring) => Context.System.EventStream.Publish(new CurrentRing.Excluded(ring));

    /// <summary>
    /// Chooses pauses and seeds, nothing more: another number for each draw of each start, and the same in every repetition of a run.
    /// </summary>
    private ulong NextRandom()
    {
        Span<byte> bytes = stackalloc byte[NodeId.Size + sizeof(uint) + sizeof(ulong)];
        Me.Write(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[NodeId.Size..], _context.Start);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(NodeId.Size + sizeof(uint))..], ++_draws);
        return StableHash.Of(bytes);
    }

    private sealed record RoundTimer(int Number);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
