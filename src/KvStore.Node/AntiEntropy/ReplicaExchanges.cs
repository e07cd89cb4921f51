using System.Diagnostics;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Node.Disk;
using KvStore.Node.Settings;
using KvStore.Wire;

namespace KvStore.Node.AntiEntropy;

/// <summary>
/// The exchanges of one replica, both those that it began and those that it answers: carries out what <see cref="ExchangeSession"/> and
/// <see cref="ExchangeResponder"/> say. Owner: the replica's actor, whose tree they compare; its thread.
/// </summary>
internal sealed class ReplicaExchanges(IReplicaHost host, AntiEntropySettings settings)
{
    private const int MaxAnswered = 16;

    private readonly Dictionary<ulong, Side> _begun = [];
    private readonly Dictionary<(NodeId From, ulong Session), Side> _answered = [];

    /// <summary>Begins an exchange; <see cref="Ended"/> follows.</summary>
    public void Begin(Start start)
    {
        var replica = host.Replica;
        var session = new ExchangeSession(replica.ConfirmedFence, replica.Tree, replica.Vouched, settings.Exchange);
        var side = new Side(start.Peer, start.Session)
        {
            IsOurs = true, OnListed = session.OnListed, OnRead = session.OnRead, OnMerged = session.OnMerged,
            OnMessage = session.OnMessage, OnSecondLook = session.OnSecondLook, OnTimeout = session.OnTimeout,
        };
        _begun.Add(start.Session, side);
        Run(side, session.Start);
    }

    /// <summary>A step of an exchange, from the other side.</summary>
    public void OnStep(ReplicaProtocol.ExchangeStep step)
    {
        if (IsAnswer(step.Step))
        {
            if (_begun.TryGetValue(step.Session, out var begun) && begun.Peer == step.From) Run(begun, effects => begun.OnMessage(step.Step, effects));
            return;
        }
        if (!_answered.TryGetValue((step.From, step.Session), out var side))
        {
            if (step.Step is not ExchangeMessage.Open) return;
            if (_answered.Count >= MaxAnswered)
            {
                Send(step.From, step.Session, new ExchangeMessage.Declined(ExchangeEnd.Busy, host.Replica.Fence) { Step = step.Step.Step });
                return;
            }
            _answered.Add((step.From, step.Session), side = Answerer(step));
        }
        Run(side, effects => side.OnMessage(step.Step, effects));
    }

    /// <summary>The replica goes, and those that it began with it.</summary>
    public void OnStopped()
    {
        foreach (var side in _begun.Values) host.Publish(new Ended(new ExchangePair(host.Partition, side.Peer), true, ExchangeEnd.Failed, 0, 0));
    }

    /// <summary>Ends all of them: what they have seen is of an epoch that is over.</summary>
    public void EndAll()
    {
        foreach (var side in _begun.Values.Concat(_answered.Values).ToList()) OnEnd(side, new ExchangeEffect.End(ExchangeEnd.StaleEpoch, 0, 0));
    }

    private static bool IsAnswer(ExchangeMessage step) => step is ExchangeMessage.Opened or ExchangeMessage.Declined or ExchangeMessage.Sums
        or ExchangeMessage.Listed or ExchangeMessage.Pushed or ExchangeMessage.Pulled or ExchangeMessage.Failed;

    private Side Answerer(ReplicaProtocol.ExchangeStep opening)
    {
        var replica = host.Replica;
        var responder = new ExchangeResponder(replica.Tree, () => host.Replica.Vouched, replica.ConfirmedFence, host.NewNumber(), settings.Exchange);
        return new Side(opening.From, opening.Session)
        {
            OnListed = responder.OnListed, OnRead = responder.OnRead, OnMerged = responder.OnMerged, OnMessage = responder.OnMessage,
            OnSecondLook = _ => { }, OnTimeout = effects => effects.Add(new ExchangeEffect.End(ExchangeEnd.Timeout, 0, 0)),
        };
    }

    private void Run(Side side, Action<List<ExchangeEffect>> step)
    {
        if (side.HasEnded) return;
        host.StartTimer(side, settings.Timeout, () => Run(side, side.OnTimeout));
        var effects = new List<ExchangeEffect>();
        step(effects);
        foreach (var effect in effects) Perform(side, effect);
    }

    private void Perform(Side side, ExchangeEffect effect)
    {
        switch (effect)
        {
            case ExchangeEffect.Send send:
                Send(side.Peer, side.Session, send.Message);
                break;
            case ExchangeEffect.StartSecondLook look:
                host.StartTimer(side.SecondLook, look.After, () => Run(side, side.OnSecondLook));
                break;
            case ExchangeEffect.ListKeys list:
                host.List(ListingWanted.Of(list), entries => Run(side, effects => side.OnListed(entries, effects)));
                break;
            case ExchangeEffect.ReadStates read:
                Read(read.Keys, states => Run(side, effects => side.OnRead(states, effects)));
                break;
            case ExchangeEffect.Merge merge:
                Merge(merge.States, held => Run(side, effects => side.OnMerged(held, effects)));
                break;
            case ExchangeEffect.Forget forget:
                host.Replica.OnForget(CallId.None, host.Replica.Fence, forget.Key, forget.Hash, host.Now, host.Effects);
                break;
            case ExchangeEffect.RaiseWatermarks raise:
                host.Replica.OnExchangeCompleted(side.Peer, raise.ByPeer, host.OtherOwners, host.Effects);
                break;
            case ExchangeEffect.End end:
                OnEnd(side, end);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void OnEnd(Side side, ExchangeEffect.End end)
    {
        side.HasEnded = true;
        host.StopTimer(side);
        host.StopTimer(side.SecondLook);
        if (side.IsOurs) _begun.Remove(side.Session);
        else _answered.Remove((side.Peer, side.Session));
        host.Publish(new Ended(new ExchangePair(host.Partition, side.Peer), side.IsOurs, end.Outcome, end.KeysSent, end.KeysReceived));
    }

    private void Send(NodeId to, ulong session, ExchangeMessage message) =>
        host.Send(to, new ReplicaProtocol.ExchangeStep(host.Self, host.Partition, session, message));

    /// <summary>Null when one of them cannot be read; what is gone is left out.</summary>
    private void Read(IReadOnlyList<BucketKey> keys, Action<IReadOnlyList<KeyState>?> done)
    {
        var (states, waiting, failed) = (new List<KeyState>(), keys.Count, false);
        foreach (var key in keys)
        {
            var call = host.Call(answer =>
            {
                if (answer is not ReplicaEffect.Answered { Answer: { Kind: not AnswerKind.Unreadable } read }) failed = true;
                else if (!read.Set.IsEmpty) states.Add(new KeyState(key, read.Set));
                if (--waiting == 0) done(failed ? null : states);
            });
            host.Replica.OnRead(call, host.Replica.Fence, key, host.Now, host.Effects);
        }
        if (keys.Count == 0) done(states);
    }

    /// <summary>What is held of each afterwards; null when one of them could not be stored.</summary>
    private void Merge(IReadOnlyList<KeyState> states, Action<IReadOnlyList<KeyState>?> done)
    {
        var (held, waiting) = (new List<KeyState>(), states.Count);
        foreach (var state in states)
        {
            var call = host.Call(answer =>
            {
                if (answer is ReplicaEffect.Stored stored) held.Add(new KeyState(state.Key, stored.Held ?? state.Set));
                if (--waiting == 0) done(held.Count == states.Count ? held : null);
            });
            host.Replica.OnMerge(call, host.Replica.Fence, state.Key, state.Set, standsFor: null, host.Now, host.Effects);
        }
        if (states.Count == 0) done(held);
    }

    /// <summary>Compare this partition with another owner. <see cref="Ended"/> follows.</summary>
    public sealed record Start(PartitionId Partition, NodeId Peer, ulong Session);

    /// <summary>On the event stream: an exchange has ended on this side.</summary>
    /// <param name="Pair">Whose.</param>
    /// <param name="WasOurs">Whether this node began it.</param>
    public sealed record Ended(ExchangePair Pair, bool WasOurs, ExchangeEnd Outcome, long Sent, long Received);

    /// <summary>On the event stream: a replica of this node lacks something, or may; it has to compare with every other owner.</summary>
    public sealed record NotWhole(PartitionId Partition);

    /// <summary>One exchange, as this replica takes part in it.</summary>
    private sealed class Side(NodeId peer, ulong session)
    {
        public NodeId Peer => peer;

        public ulong Session => session;

        /// <summary>Names the timer of the second look.</summary>
        public object SecondLook { get; } = new();

        public bool IsOurs { get; init; }

        public bool HasEnded { get; set; }

        public required Action<ExchangeMessage, List<ExchangeEffect>> OnMessage { get; init; }

        public required Action<IReadOnlyList<KeyHash>, List<ExchangeEffect>> OnListed { get; init; }

        public required Action<IReadOnlyList<KeyState>?, List<ExchangeEffect>> OnRead { get; init; }

        public required Action<IReadOnlyList<KeyState>?, List<ExchangeEffect>> OnMerged { get; init; }

        public required Action<List<ExchangeEffect>> OnSecondLook { get; init; }

        public required Action<List<ExchangeEffect>> OnTimeout { get; init; }
    }
}
