using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Deletes;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Replication;

namespace KvStore.Core.Tests.Simulation;

/// <summary>A node's exchanges and reap rounds, both sides of each.</summary>
internal sealed class SimAntiEntropy(SimNode node)
{
    private static readonly ExchangeOptions Options = new()
    {
        SecondLookAfter = TimeSpan.FromMilliseconds(100),
        LeavesPerPage = 2,
        KeysPerMessage = 1,
        StatesPerMessage = 2,
        BytesPerMessage = 1,
        NodesPerMessage = 2,
    };

    private readonly Dictionary<(NodeId, int), ExchangeResponder> _responders = [];
    private int _sessions;

    public void ExchangeWithSomebody()
    {
        var peers = Peers().ToArray();
        if (peers.Length > 0)
            Exchange(peers[node.World.Random.Next(peers.Length)]);
    }

    public void ExchangeWithAll()
    {
        foreach (var peer in Peers())
            node.Later(node.World.Milliseconds(0, 3_000), () => Exchange(peer));
    }

    /// <summary>Compares with one owner now, whatever the schedule says.</summary>
    public void ExchangeWith(NodeId peer, Action completed)
    {
        if (Peers().Contains(peer))
            Exchange(peer, completed);
    }

    public void Reap()
    {
        if (!node.List.IsPrimary(node.Id))
            return;
        var candidates = node.World.Keys
            .Where(key => node.Replica!.CanReap(node.Disk.Durable(key), node.Time))
            .Select(key => new KeyHash(key, node.Disk.Durable(key).Hash));
        var others = node.List.WriteTargets.Where(other => other != node.Id);
        var round = new ReapRound(node.List.Epoch, others, candidates) { Bugs = node.World.Options.Bugs };
        Run(round, round.Start);
        node.Later(TimeSpan.FromSeconds(5), () => Run(round, round.OnFailed));
    }

    private void Run(ReapRound round, Action<List<ReapEffect>> told)
    {
        var effects = new List<ReapEffect>();
        told(effects);
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case ReapEffect.Ask ask:
                    node.Ask<IReadOnlyCollection<BucketKey>>(
                        ask.Node,
                        (to, answer) => AnswerReap(to, ask, answer),
                        agreed => Run(round, then => round.OnAgreed(ask.Node, agreed, then)));
                    break;
                case ReapEffect.Reap reap:
                    ReapHere(node, node.List.Epoch, reap.Keys);
                    break;
                case ReapEffect.Commit commit:
                    node.World.Send(node.Id, commit.Node, to => ReapHere(to, commit.Epoch, commit.Keys));
                    break;
            }
        }
    }

    private static void AnswerReap(SimNode to, ReapEffect.Ask ask, Action<IReadOnlyCollection<BucketKey>> answer)
    {
        var agreed = new List<BucketKey>();
        var waiting = ask.Keys.Count;
        foreach (var (key, hash) in ask.Keys)
        {
            to.Read(ask.Epoch, key, effect =>
            {
                if (effect is ReplicaEffect.Answered { Answer.Set: var set } && set.Hash == hash && to.Replica!.CanReap(set, to.Time))
                    agreed.Add(key);
                if (--waiting == 0)
                    answer(agreed);
            });
        }
    }

    private static void ReapHere(SimNode to, RingEpoch epoch, IReadOnlyList<KeyHash> keys)
    {
        foreach (var (key, hash) in keys)
            to.Tell((replica, effects) => replica.OnReap(CallId.None, epoch, key, hash, to.Time, effects));
    }

    private IEnumerable<NodeId> Peers() =>
        node.List.IsPrimary(node.Id) ? node.List.WriteTargets.Where(other => other != node.Id) : [];

    private void Exchange(NodeId peer, Action? completed = null)
    {
        var number = ++_sessions;
        var replica = node.Replica!;
        var session = new ExchangeSession(replica.ConfirmedFence, replica.Tree, replica.Vouched, Options) { Bugs = node.World.Options.Bugs };
        void Run(Action<List<ExchangeEffect>> told) => Perform(told, new Side(
            peer,
            message => node.World.Send(node.Id, peer, to => to.OnExchange(node.Id, number, message, Back)),
            session.OnListed, session.OnRead, session.OnMerged, session.OnSecondLook, completed));
        var life = node.Life;
        void Back(ExchangeMessage answer)
        {
            if (node.Life == life)
                Run(effects => session.OnMessage(answer, effects));
        }

        Run(session.Start);
        node.Later(TimeSpan.FromSeconds(20), () => Run(session.OnTimeout));
    }

    /// <summary>The other side of a peer's exchange.</summary>
    public void OnMessage(NodeId from, int number, ExchangeMessage message, Action<ExchangeMessage> back)
    {
        if (!_responders.TryGetValue((from, number), out var responder))
        {
            if (message is not ExchangeMessage.Open)
                return;
            var replica = node.Replica!;
            var opening = (ulong)node.World.Random.NextInt64();
            _responders.Add((from, number), responder = new ExchangeResponder(
                replica.Tree, () => replica.Vouched, replica.ConfirmedFence, opening, Options)
            {
                Bugs = node.World.Options.Bugs,
            });
        }

        Perform(effects => responder.OnMessage(message, effects), new Side(
            from,
            answer => node.World.Send(node.Id, from, _ => back(answer)),
            responder.OnListed, responder.OnRead, responder.OnMerged, _ => { }, null));
    }

    private void Perform(Action<List<ExchangeEffect>> told, Side side)
    {
        var effects = new List<ExchangeEffect>();
        told(effects);
        foreach (var effect in effects)
            Perform(effect, side);
    }

    private void Perform(ExchangeEffect effect, Side side)
    {
        switch (effect)
        {
            case ExchangeEffect.Send send:
                node.World.Trace(node.Id, () => $"exchange with {side.Peer.Low}: {SimText.Of(send.Message)}");
                side.Send(send.Message);
                break;
            case ExchangeEffect.StartSecondLook look:
                node.Later(look.After, () => Perform(side.OnSecondLook, side));
                break;
            case ExchangeEffect.ListKeys list:
                node.ReportDamage();
                node.Later(node.World.Milliseconds(0, 5), () => Perform(then => side.OnListed(List(list), then), side));
                break;
            case ExchangeEffect.ReadStates read:
                node.Later(node.World.Milliseconds(0, 5), () => Perform(then => side.OnRead(Read(read.Keys), then), side));
                break;
            case ExchangeEffect.Merge merge:
                Merge(merge.States, held => Perform(then => side.OnMerged(held, then), side));
                break;
            case ExchangeEffect.Forget forget:
                node.Tell((replica, then) =>
                    replica.OnForget(CallId.None, replica.Fence, forget.Key, forget.Hash, node.Time, then));
                break;
            case ExchangeEffect.RaiseWatermarks raise:
                node.World.Trace(node.Id, () => $"exchange with {side.Peer.Low} complete");
                node.Tell((replica, then) => replica.OnExchangeCompleted(side.Peer, raise.ByPeer, Peers(), then));
                side.Completed?.Invoke();
                break;
        }
    }

    /// <summary>What cannot be read is not listed: the other side's copy is then brought over.</summary>
    private KeyHash[] List(ExchangeEffect.ListKeys list) =>
    [
        .. node.Disk.States
            .Where(entry => list.Leaves.Contains(HashTree.PlaceOf(Token.Of(entry.Key), list.Level)) && !node.Disk.Damaged.Contains(entry.Key))
            .Where(entry => list.Range.Contains(entry.Key))
            .OrderBy(entry => entry.Key)
            .Take(list.Most)
            .Select(entry => new KeyHash(entry.Key, entry.Value.Hash)),
    ];

    private List<KeyState>? Read(IReadOnlyList<BucketKey> keys)
    {
        var states = keys.Select(key => new { Key = key, node.Disk.Load(key).Set }).ToList();
        return states.Exists(state => state.Set is null)
            ? null
            : [.. states.Where(state => !state.Set!.IsEmpty).Select(state => new KeyState(state.Key, state.Set!))];
    }

    private void Merge(IReadOnlyList<KeyState> states, Action<IReadOnlyList<KeyState>?> done)
    {
        var held = new List<KeyState>();
        var waiting = states.Count;
        if (waiting == 0)
            node.Later(TimeSpan.Zero, () => done(held));
        foreach (var state in states)
        {
            node.Merge(node.List.Epoch, state.Key, state.Set, null, (_, now) =>
            {
                if (now is not null)
                    held.Add(new KeyState(state.Key, now));
                if (--waiting == 0)
                    done(held.Count == states.Count ? held : null);
            });
        }
    }

    private sealed record Side(
        NodeId Peer,
        Action<ExchangeMessage> Send,
        Action<IReadOnlyList<KeyHash>, List<ExchangeEffect>> OnListed,
        Action<IReadOnlyList<KeyState>?, List<ExchangeEffect>> OnRead,
        Action<IReadOnlyList<KeyState>?, List<ExchangeEffect>> OnMerged,
        Action<List<ExchangeEffect>> OnSecondLook,
        Action? Completed);
}
