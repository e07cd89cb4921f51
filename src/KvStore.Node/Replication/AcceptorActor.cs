using Akka.Actor;
using Akka.Event;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Data;
using KvStore.Node.Disk;
using KvStore.Wire;

namespace KvStore.Node.Replication;

/// <summary>
/// /user/kv/replicas/a-N: the acceptors of one partition's strong keys at this node. Reads what is stored of a key, asks
/// <see cref="RegisterReplica"/>, makes the new state durable whatever the sync setting says, and then answers. Parent:
/// <see cref="ReplicasActor"/>.
/// <para>A restart of it, or of the storage actor, ends what was under way without an answer: whoever asked tries another round.</para>
/// Invariants: (1) one message a key at a time; (2) no answer before the state that it speaks of is on disk; (3) a fence is passed on to the
/// replica only when nothing of an older epoch is under way here, and an acceptor that begins later refuses what the ring in force does; (4) what
/// cannot be read is not answered for; (5) what was voted before the key's bucket was created, or emptied, counts for nothing, and no vote is
/// cast for an epoch before that or after this node's ring; (6) at most <see cref="MaxQuestions"/> messages are held, and
/// <see cref="MaxOfKey"/> of one key; one more, or any while the disk is behind, is refused as busy, and what has waited until its proposer gave
/// its round up is not done.
/// </summary>
public sealed class AcceptorActor : ReceiveActor
{
    /// <summary>What one key's proposers may ask at a time: with a sync for each, about what can be done within a round.</summary>
    public const int MaxOfKey = 256;

    public const int MaxQuestions = 4096;

    /// <summary>A proposer hears no answer that comes later than this.</summary>
    private static readonly TimeSpan Round = new RegisterOptions().RoundTimeout;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ReplicaContext _context;
    private readonly PartitionId _partition;
    private readonly IActorRef _replica;
    private readonly Dictionary<BucketKey, Queue<Question>> _underWay = [];
    private readonly Dictionary<long, (BucketKey Key, IWireMessage Answer)> _storing = [];
    private readonly List<(ReplicaProtocol.FenceReplica Fence, IActorRef Asker)> _fences = [];
    private int _questions;
    private RingEpoch _servedAt;
    private RegisterReplica? _registers;
    private long _life;
    private long _generation;
    private long _lastTag;

    public AcceptorActor(ReplicaContext context, PartitionId partition, IActorRef replica)
    {
        (_context, _partition, _replica, _servedAt) = (context, partition, replica, context.Ring.Epoch);
        Receive<ReplicaProtocol.PrepareRegister>(m => OnQuestion(m.Key, new Question(m, m.Epoch, Sender, Now)));
        Receive<ReplicaProtocol.AcceptRegister>(m => OnQuestion(m.Key, new Question(m, m.Epoch, Sender, Now)));
        Receive<ReplicaProtocol.FenceReplica>(OnFence);
        Receive<StorageProtocol.ReplicaOpened>(OnOpened, m => m.Life == _life);
        Receive<StorageProtocol.RecordRead>(OnRead, m => m.Life == _life);
        Receive<StorageProtocol.Committed>(m => OnCommitted(m.Tag), m => m.Life == _life);
        Receive<StorageProtocol.StorageRestarted>(_ => Open());
        Receive<ReplicaActor.FollowRing>(_ => DeleteGone());
        Receive<ReplicaActor.CloseReplica>(_ => OnClose());
    }

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(ReplicaContext context, PartitionId partition, IActorRef replica) =>
        Akka.Actor.Props.Create(() => new AcceptorActor(context, partition, replica));

    protected override void PreStart() => Open();

    /// <summary>Begins a life: nothing of the one before is answered, and everything it sent to storage is settled first.</summary>
    private void Open()
    {
        _life = _context.Disk.NextLife();
        _registers = null;
        _underWay.Clear();
        _questions = 0;
        _storing.Clear();
        _context.Storage.Tell(new StorageProtocol.OpenReplica(Self, _life, _partition));
    }

    private void OnOpened(StorageProtocol.ReplicaOpened opened)
    {
        _generation = opened.Generation;
        // A fence that was acknowledged before this was here is on the disk or follows from the ring that it came with.
        var (stored, inForce) = (opened.Meta?.Fence ?? RingEpoch.None, _context.Ring.Epoch);
        _registers = new RegisterReplica(stored > inForce ? stored : inForce);
        PassFencesOn();
    }

    private void OnQuestion(BucketKey key, Question question)
    {
        if (_registers is null || question.Epoch > _context.Ring.Epoch)
        {
            Refuse(question, Refusal.NotReady);
            return;
        }
        if (IsOfGoneBucket(key, question, _context.Ring)) return;
        var waiting = _underWay.GetValueOrDefault(key);
        if (_context.Disk.IsBehind || _questions >= MaxQuestions || waiting?.Count >= MaxOfKey)
        {
            StorageMetrics.CountBusy();
            Refuse(question, Refusal.Busy);
            return;
        }
        if (!_registers.TryEnter(question.Epoch))
        {
            Refuse(question, Refusal.StaleEpoch);
            return;
        }
        _questions++;
        if (waiting is not null)
        {
            waiting.Enqueue(question);
            return;
        }
        _underWay.Add(key, new Queue<Question>([question]));
        Read(key);
    }

    private void Read(BucketKey key)
    {
        var record = DataKeys.Register(_partition, key);
        var lookup = _context.Disk.TryReadRecord(record, mayWait: false, out var bytes);
        if (lookup == RecordLookup.NeedsDisk)
            _context.Storage.Tell(new StorageProtocol.ReadRecord(Self, _life, _partition, key, record));
        else Handle(key, bytes, lookup == RecordLookup.Done);
    }

    private void OnRead(StorageProtocol.RecordRead read) => Handle(read.Name, read.Bytes, read.IsReadable);

    /// <summary>Answers the oldest question about a key, from what is stored of it.</summary>
    private void Handle(BucketKey key, byte[]? bytes, bool isReadable)
    {
        var question = _underWay[key].Peek();
        // Asked again: where the bucket was emptied while the question waited, the promise that forbids its ballot counts no more.
        var ring = _context.Ring;
        if (IsOfGoneBucket(key, question, ring))
        {
            Next(key);
            return;
        }
        if (!isReadable || StoredState(bytes) is not { } stored)
        {
            _log.Error("What {Partition} holds of the strong key {Key} cannot be read: this node does not vote on it", _partition, key);
            Refuse(question, Refusal.Unreadable);
            Next(key);
            return;
        }
        stored = stored.Since(ring.Buckets.Find(key.Bucket)!.CreatedAt);
        var reply = question.Ask(_registers!, stored, out var next);
        if (reply is null)
        {
            Refuse(question, Refusal.StaleEpoch);
            Next(key);
            return;
        }
        var answer = new ReplicaProtocol.RegisterAnswered(_context.Self, key, reply);
        if (ReferenceEquals(next, stored))
        {
            question.Asker.Tell(answer);
            Next(key);
            return;
        }
        _storing.Add(++_lastTag, (key, answer));
        StorageProtocol.DataWrite[] write = [new(DataKeys.Register(_partition, key), WireCodec.EncodeRegister(next))];
        _context.Storage.Tell(new StorageProtocol.Commit(new StorageProtocol.Claim(Self, _life, _generation, _lastTag), write, Synced: true));
    }

    /// <summary>Whether it was asked before the bucket that there is now was created, or emptied; then it is refused.</summary>
    private bool IsOfGoneBucket(BucketKey key, Question question, Ring ring)
    {
        if (ring.Buckets.Admits(key.Bucket, question.Epoch)) return false;
        question.Asker.Tell(new ReplicaProtocol.ReplicaRefused(_context.Self, Refusal.StaleEpoch, ring.Epoch));
        return true;
    }

    private void OnCommitted(long tag)
    {
        if (!_storing.Remove(tag, out var stored)) return;
        _underWay[stored.Key].Peek().Asker.Tell(stored.Answer);
        Next(stored.Key);
    }

    private void Next(BucketKey key)
    {
        var waiting = _underWay[key];
        Leave(waiting);
        for (var now = Now; waiting.TryPeek(out var next) && now - next.At >= Round;) Refuse(Leave(waiting), Refusal.Expired);
        if (waiting.Count == 0) _underWay.Remove(key);
        PassFencesOn();
        if (waiting.Count > 0) Read(key);
    }

    private Question Leave(Queue<Question> waiting)
    {
        _questions--;
        var question = waiting.Dequeue();
        _registers!.Leave(question.Epoch);
        return question;
    }

    /// <summary>Asked again before it is answered, it is answered once.</summary>
    private void OnFence(ReplicaProtocol.FenceReplica fence)
    {
        if (!_fences.Contains((fence, Sender))) _fences.Add((fence, Sender));
        PassFencesOn();
    }

    private void PassFencesOn()
    {
        if (_registers is null || _fences.Count == 0) return;
        foreach (var (fence, _) in _fences) _registers.OnFence(fence.Epoch);
        foreach (var (fence, asker) in _fences.Where(waiting => _registers.IsDrainedBelow(waiting.Fence.Epoch))) _replica.Tell(fence, asker);
        _fences.RemoveAll(waiting => _registers.IsDrainedBelow(waiting.Fence.Epoch));
    }

    /// <summary>Nothing is kept that is not on disk already.</summary>
    private void OnClose()
    {
        Context.Parent.Tell(new ReplicaActor.ReplicaClosed(_partition));
        Context.Stop(Self);
    }

    /// <summary>
    /// Gives back the room of buckets that are no more. Nothing rests on it: what is left counts for nothing. Of a bucket that was only emptied, or is
    /// there again, each register is replaced when it is written.
    /// </summary>
    private void DeleteGone()
    {
        var ring = _context.Ring;
        var gone = ring.Buckets.GoneSince(_servedAt);
        _servedAt = ring.Epoch;
        if (_registers is null || gone is null || gone.AllButThese) return;
        foreach (var bucket in gone.Names.Where(name => ring.Buckets.Find(name) is null && _underWay.Keys.All(key => key.Bucket != name)))
        {
            var (begin, end) = DataKeys.RegistersOf(_partition, bucket);
            _context.Storage.Tell(new StorageProtocol.Commit(
                new StorageProtocol.Claim(Self, _life, _generation, 0), [new StorageProtocol.DataWrite(begin, Value: null, end)], Synced: false));
        }
    }

    private void Refuse(Question question, Refusal refusal) => question.Asker.Tell(
        new ReplicaProtocol.ReplicaRefused(_context.Self, refusal, _registers?.Fence ?? RingEpoch.None));

    private static AcceptorState<RegisterValue>? StoredState(byte[]? bytes)
    {
        if (bytes is null) return AcceptorState<RegisterValue>.Empty;
        try
        {
            return WireCodec.DecodeRegister(bytes);
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    /// <summary>One message to an acceptor, who is to be answered, and when it came.</summary>
    private sealed record Question(IWireMessage Message, RingEpoch Epoch, IActorRef Asker, TimeSpan At)
    {
        public AcceptorReply<RegisterValue>? Ask(
            RegisterReplica registers, AcceptorState<RegisterValue> stored, out AcceptorState<RegisterValue> next)
        {
            if (Message is ReplicaProtocol.PrepareRegister prepare) return registers.OnPrepare(Epoch, prepare.Ballot, stored, out next);
            var accept = (ReplicaProtocol.AcceptRegister)Message;
            return registers.OnAccept(Epoch, accept.Ballot, accept.Value, stored, out next);
        }
    }
}
