using System.Collections.Immutable;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Core.Tests.Checking;
using KvStore.Core.Tests.Placement;

namespace KvStore.Core.Tests.Registers;

/// <summary>
/// One strong key on a handful of nodes, one of which is replaced meanwhile; a bag of messages and timers from which a seed
/// draws what happens next, with loss and doubling. Stable storage is a dictionary: an acceptor's state is there before its answer.
/// The replacement is carried out by <see cref="MoveDirector"/>; the ring log is taken as given.
/// </summary>
internal sealed class RegisterWorld
{
    private static readonly Ring FirstRing = Rings.Of(4, partitions: 64);
    private static readonly RingPlan Replacement = Plan();

    private readonly Random _random;
    private readonly PlantedRingBugs _bugs;
    private readonly PartitionId _partition;
    private readonly List<Action> _bag = [];
    private readonly List<Action> _timers = [];
    private readonly Dictionary<NodeId, RegisterReplica> _replicas = [];
    private readonly Dictionary<NodeId, AcceptorState<RegisterValue>> _stored = [];
    private readonly Dictionary<NodeId, BallotSource> _ballots = [];
    private readonly Dictionary<NodeId, Ring> _known = [];
    private readonly List<RegisterClient> _clients = [];
    private readonly MoveDirector _director;
    private readonly HashSet<NodeId> _reaffirming = [];
    private Ring _ring;
    private long _time;
    private ulong _requests;

    public RegisterWorld(int seed, PlantedRingBugs bugs)
    {
        _random = new Random(seed);
        _bugs = bugs;
        _ring = FirstRing;
        _director = new MoveDirector(new MoveOptions { MaxMoving = 64 }) { Bugs = bugs };
        var victim = Rings.Node(1);
        _partition = _ring.Partitions.First(partition => _ring.PreferenceList(partition, 3).Primaries.Contains(victim));
        foreach (var node in Enumerable.Range(1, 5).Select(Rings.Node))
        {
            _replicas[node] = new RegisterReplica(_ring.Epoch) { Bugs = bugs };
            _stored[node] = AcceptorState<RegisterValue>.Empty;
            _ballots[node] = new BallotSource(node, 1);
            _known[node] = _ring;
        }

        for (var client = 0; client < 3; client++)
            _clients.Add(new RegisterClient(this, Rings.Node(2 + client), 7));
    }

    public List<RegisterCall> History { get; } = [];

    public Random Random => _random;

    public long Tick() => ++_time;

    public void Run()
    {
        _timers.Add(() => OnRing(Replacement.Next));
        foreach (var client in _clients)
            client.Next();
        for (var step = 0; step < 6_000 && _clients.Any(client => !client.IsFinished); step++)
            Step();
        foreach (var client in _clients)
            client.GiveUp();
    }

    public RegisterOperation Operation(NodeId at, RegisterCommand command, RequestId request, bool isRepeat = false) => new(
        _known[at].PreferenceList(_partition, 3), command, request, TimeSpan.FromSeconds(5), _ballots[at],
        new RegisterOptions())
    {
        Bugs = _bugs,
        IsRepeat = isRepeat,
    };

    public RequestId NewRequest() => new(7, ++_requests);

    /// <summary>Later, at a moment that the seed chooses.</summary>
    public void Later(Action action) => _bag.Add(action);

    public void Send(Action deliver)
    {
        if (_random.Next(20) == 0)
            return;
        _bag.Add(deliver);
        if (_random.Next(25) == 0)
            _bag.Add(deliver);
    }

    /// <summary>Carries out an operation's effects until its reply, which goes to <paramref name="onReply"/>.</summary>
    public void Perform(NodeId at, RegisterOperation operation, List<RegisterEffect> effects, Action<RegisterOutcome> onReply)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case RegisterEffect.SendPrepare prepare:
                    ToAcceptor(at, prepare.To, prepare.Ballot, null, operation, onReply);
                    break;
                case RegisterEffect.SendAccept accept:
                    ToAcceptor(at, accept.To, accept.Ballot, accept.Value, operation, onReply);
                    break;
                case RegisterEffect.StartTimer timer when timer.Number != 0 || _random.Next(12) == 0:
                    _timers.Add(() => Call(at, operation, onReply, list => operation.OnTimer(timer.Number, list)));
                    break;
                case RegisterEffect.RefreshRing:
                    Later(() =>
                    {
                        Learn(at);
                        Call(at, operation, onReply, list => operation.OnPlan(_known[at].PreferenceList(_partition, 3), list));
                    });
                    break;
                case RegisterEffect.Reply reply:
                    onReply(reply.Outcome);
                    break;
            }
        }
    }

    private void Step()
    {
        if (_bag.Count == 0 && _timers.Count == 0)
        {
            Direct(effects => _director.OnTick(_ => true, effects));
            foreach (var client in _clients)
                client.Wake();
            return;
        }

        var bag = _bag.Count == 0 || (_timers.Count > 0 && _random.Next(30) == 0) ? _timers : _bag;
        var index = _random.Next(bag.Count);
        var action = bag[index];
        bag[index] = bag[^1];
        bag.RemoveAt(bag.Count - 1);
        Tick();
        action();
    }

    private void ToAcceptor(
        NodeId at, NodeId to, Ballot ballot, RegisterValue? value, RegisterOperation operation, Action<RegisterOutcome> onReply)
    {
        var epoch = _known[at].Epoch;
        Send(() =>
        {
            if (_random.Next(20) == 0)
            {
                Send(() => Call(at, operation, onReply, list => operation.OnBusy(to, (ulong)_random.Next(), list)));
                return;
            }

            var reply = value is null
                ? _replicas[to].OnPrepare(ballot.Epoch, ballot, _stored[to], out var next)
                : _replicas[to].OnAccept(ballot.Epoch, ballot, value, _stored[to], out next);
            _stored[to] = next;
            if (reply is null)
                Send(() => Call(at, operation, onReply, list => operation.OnStaleRing(to, _replicas[to].Fence, list)));
            else
                Send(() => Call(at, operation, onReply, list => operation.OnReply(to, reply, (ulong)_random.Next(), list)));
        });
        Invariant.Check(epoch >= ballot.Epoch);
    }

    private void Call(
        NodeId at, RegisterOperation operation, Action<RegisterOutcome> onReply, Action<List<RegisterEffect>> call)
    {
        var effects = new List<RegisterEffect>();
        call(effects);
        Perform(at, operation, effects, onReply);
    }

    private static RingPlan Plan()
    {
        RingPlanner.Plan(FirstRing, [new RingChange.Replace(Rings.Node(1), Rings.Member(5))], null, out var plan);
        return plan!;
    }

    private void OnRing(Ring ring)
    {
        _ring = ring;
        foreach (var node in _known.Keys.ToList())
            Send(() => Learn(node));
        Direct(effects => _director.OnRing(ring, _ => true, effects));
    }

    private void Learn(NodeId node) => _known[node] = _ring;

    private void Direct(Action<List<MoveEffect>> call)
    {
        var effects = new List<MoveEffect>();
        call(effects);
        foreach (var effect in effects)
            Carry(effect);
    }

    private void Carry(MoveEffect effect)
    {
        switch (effect)
        {
            case MoveEffect.Propose propose:
                Later(() => OnRing(propose.Ring));
                break;
            case MoveEffect.AskFence fence when fence.Partition != _partition:
                Direct(list => _director.OnFenced(fence.Owner, fence.Partition, fence.Epoch, _ => true, list));
                break;
            case MoveEffect.AskFence fence:
                Send(() => Fence(fence));
                break;
            case MoveEffect.AskFill fill:
                Later(() => Direct(list => _director.OnFilled(fill.Fill.Receiver, fill.Partition, fill.Epoch, _ => true, list)));
                break;
            case MoveEffect.AskReaffirm reaffirm when reaffirm.Partition != _partition:
                Direct(list => _director.OnReaffirmed(reaffirm.Owner, reaffirm.Partition, reaffirm.Epoch, _ => true, list));
                break;
            case MoveEffect.AskReaffirm reaffirm when _reaffirming.Add(reaffirm.Owner):
                Later(() => Reaffirm(reaffirm));
                break;
        }
    }

    private void Fence(MoveEffect.AskFence fence)
    {
        Learn(fence.Owner);
        _replicas[fence.Owner].OnFence(fence.Epoch);
        Send(() => Direct(list => _director.OnFenced(fence.Owner, fence.Partition, fence.Epoch, _ => true, list)));
    }

    private void Reaffirm(MoveEffect.AskReaffirm ask)
    {
        Learn(ask.Owner);
        var operation = Operation(ask.Owner, new RegisterCommand.Reaffirm(), RequestId.None);
        Call(ask.Owner, operation, OnEnd, list => operation.Start(TimeSpan.Zero, list));

        void OnEnd(RegisterOutcome outcome)
        {
            _reaffirming.Remove(ask.Owner);
            if (outcome is RegisterOutcome.Done)
                Send(() => Direct(list => _director.OnReaffirmed(ask.Owner, ask.Partition, ask.Epoch, _ => true, list)));
            else
                Later(() => Reaffirm(ask));
        }
    }
}
