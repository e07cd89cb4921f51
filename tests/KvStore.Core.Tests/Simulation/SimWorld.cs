using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// A whole small cluster as plain objects: one thread, one queue of events, one source of randomness. Phase one injects faults;
/// phase two heals everything, lets the cluster converge, and reads every key. What the clients saw goes into
/// <see cref="History"/>; <see cref="Checkers"/> judge it from outside.
/// <para>Messages are closures that run at the receiving node. They are lost, doubled, delayed and overtaken; a link may be cut.
/// One partition is simulated: partitions are independent of each other.</para>
/// </summary>
internal sealed class SimWorld
{
    private static readonly TimeSpan FaultPhase = TimeSpan.FromSeconds(60);
    private readonly PriorityQueue<Action, (TimeSpan At, int Tie)> _events = new();
    private readonly HashSet<(NodeId, NodeId)> _cuts = [];
    private HashSet<(NodeId, NodeId)> _believedCuts = [];
    private int _steps;
    private long _ticks;

    private readonly Action<string>? _trace;

    public SimWorld(SimOptions options, Action<string>? trace = null)
    {
        (Options, Random, _trace) = (options, new Random(options.Seed ^ 0x5EED), trace);
        History = new History();
        Ring = new SimRing(this, Enumerable.Range(1, options.Nodes).Select(number => new NodeId(7, (ulong)number)));
        Nodes = [.. Ring.Members.Select(id => new SimNode(this, id))];
        foreach (var node in Nodes)
            node.Start(isNew: true);
    }

    public SimOptions Options { get; }

    public Random Random { get; }

    public History History { get; }

    public SimRing Ring { get; }

    public SimNode[] Nodes { get; }

    public TimeSpan Now { get; private set; }

    /// <summary>Nothing is lost, cut or crashed any more.</summary>
    public bool Healed { get; private set; }

    /// <summary>No process ends, no disk loses anything and nothing moves.</summary>
    private bool IsQuiet => !Options.Crashes && !Options.Moves && !Options.Wipes && !Options.Damage;

    /// <summary>Counts what the clients of the strong key do and see.</summary>
    public long Tick() => ++_ticks;

    public IEnumerable<BucketKey> Keys =>
        Enumerable.Range(0, Options.Keys).Select(number => new BucketKey(BucketName.Default, Key.Of($"key-{number}")));

    public SimNode Node(NodeId id) => Array.Find(Nodes, node => node.Id == id)!;

    /// <summary>Runs both phases.</summary>
    public void Run()
    {
        SimFaults.Schedule(this, FaultPhase);
        for (var client = 0; client < Options.Clients; client++)
            new SimClient(this, (ulong)client + 1, FaultPhase).Start();
        var strong = Options.Strong
            ? Enumerable.Range(1, 3).Select(client => new SimRegisterClient(this, 2_000 + (ulong)client, FaultPhase)).ToArray()
            : [];
        foreach (var client in strong)
            client.Start();
        RunUntil(FaultPhase + TimeSpan.FromSeconds(10));
        Heal();
        BringHintsHome();
        for (var round = 0; round < 40 && !Converged(); round++)
        {
            foreach (var node in Nodes)
                node.HealingRound();
            RunUntil(Now + TimeSpan.FromSeconds(15));
        }

        ReapEverything();
        foreach (var key in Keys)
            new SimClient(this, 1000, Now).FinalRead(key);
        foreach (var client in strong)
            client.FinalRead();
        RunUntil(Now + TimeSpan.FromSeconds(15));
        foreach (var client in strong)
            client.GiveUp();
    }

    public void Trace(NodeId node, Func<string> what) => _trace?.Invoke($"{Now:mm\\:ss\\.fff} {node.Low} {what()}");

    /// <summary>Runs something after a while.</summary>
    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, Random.Next()));

    public TimeSpan Milliseconds(int from, int to) => TimeSpan.FromMilliseconds(Random.Next(from, to));

    /// <summary>Sends a message: an action that runs at the receiver, if it gets there.</summary>
    public void Send(NodeId from, NodeId to, Action<SimNode> message)
    {
        if (from == to)
        {
            After(TimeSpan.Zero, () => Deliver(to, message));
            return;
        }

        if (!Healed && (_cuts.Contains((from, to)) || Random.NextDouble() < Options.Loss))
            return;
        var copies = !Healed && Random.NextDouble() < Options.Duplication ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            var late = !Healed && Random.NextDouble() < Options.Lateness;
            After(late ? Milliseconds(500, 30_000) : Milliseconds(1, 40), () => Deliver(to, message));
        }
    }

    /// <summary>A node's opinion of who can be reached: mostly right, some seconds after the fact.</summary>
    public bool CanReach(NodeId from, NodeId to)
    {
        var truth = from == to || (Node(to).IsUp && !_believedCuts.Contains((from, to)) && !_believedCuts.Contains((to, from)));
        return Healed || from == to || Random.NextDouble() >= 0.05 ? truth : !truth;
    }

    public void Cut(IEnumerable<NodeId> side, bool oneWay)
    {
        var here = side.ToHashSet();
        foreach (var inside in Ring.Members.Where(here.Contains))
        {
            foreach (var outside in Ring.Members.Where(id => !here.Contains(id)))
            {
                _cuts.Add((inside, outside));
                if (!oneWay)
                    _cuts.Add((outside, inside));
            }
        }

        NoticeCuts();
    }

    public void Uncut()
    {
        _cuts.Clear();
        NoticeCuts();
    }

    private void NoticeCuts()
    {
        var cuts = _cuts.ToHashSet();
        After(Milliseconds(0, 6_000), () => _believedCuts = Healed ? [] : cuts);
    }

    private void Deliver(NodeId to, Action<SimNode> message)
    {
        if (Node(to) is { IsUp: true } node)
            message(node);
    }

    private void RunUntil(TimeSpan end)
    {
        while (_events.TryPeek(out _, out var next) && next.At <= end)
        {
            Now = next.At;
            _events.Dequeue()();
            if (++_steps > 400_000)
                throw new InvalidOperationException("The run does not come to rest.");
        }

        Now = end;
    }

    private void Heal()
    {
        Healed = true;
        _cuts.Clear();
        _believedCuts.Clear();
        foreach (var node in Nodes.Where(node => !node.IsUp))
            node.Start(isNew: false);
        RunUntil(Now + TimeSpan.FromSeconds(40));
    }

    /// <summary>
    /// Hints, and the ranges marked dirty in place of hints, bring every acknowledged write to every owner by themselves, unless
    /// something was lost with a process or a disk.
    /// </summary>
    private void BringHintsHome()
    {
        if (!IsQuiet)
            return;
        for (var round = 0; round < 10; round++)
        {
            foreach (var node in Nodes)
                node.DeliverHints();
            RunUntil(Now + TimeSpan.FromSeconds(6));
        }

        Checkers.CheckHintsCameHome(this);
    }

    /// <summary>
    /// Whatever is deleted is forgotten after some exchanges and reap rounds, whoever minted it, unless something was lost.
    /// </summary>
    private void ReapEverything()
    {
        if (!IsQuiet)
            return;
        for (var round = 0; round < 6 && Checkers.IsAnythingDead(this); round++)
        {
            foreach (var node in Nodes)
                node.HealingRound();
            RunUntil(Now + TimeSpan.FromSeconds(15));
        }

        if (Checkers.IsAnythingDead(this))
            History.Violations.Add("I4: a deleted key is never forgotten");
    }

    private bool Converged()
    {
        if (Ring.IsMoving)
            return false;
        var owners = Ring.List.Primaries.Select(Node).ToArray();
        return Nodes.All(node => !node.HasHints && !node.Retirement.IsWaiting)
            && owners.All(node => node.Replica!.Meta.IsWhole && node.Replica.PendingCalls == 0
                && node.Disk.Damaged.Count == 0 && node.Replica.Tree.Root == owners[0].Replica!.Tree.Root);
    }
}
