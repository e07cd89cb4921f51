using Akka.Cluster.Membership;
using Troupe.Simulation;

namespace Troupe.Tests.Clustering;

/// <summary>
/// Five nodes, and one seed's worth of joining, leaving, crashing, restarting, pausing and partitions; then all heals, and they have
/// to agree on exactly the systems that live.
/// </summary>
internal sealed class ChaosRun : IDisposable
{
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(4);

    private readonly World _world;
    private readonly MembershipChecker _checker;
    private readonly ClusterBugs _bugs;
    private readonly SimulatedNode[] _nodes;
    private readonly Dictionary<SimulatedNode, SimulatedMember> _members = [];
    private readonly List<SimulatedNode> _idle = [];

    private ChaosRun(SimulationOptions options, ClusterBugs bugs)
    {
        _world = new World(options with { MaxSteps = 250_000 });
        _checker = new MembershipChecker(_world);
        _bugs = bugs;
        _nodes = [.. Enumerable.Range(1, 5).Select(i => _world.AddNode($"n{i}"))];
    }

    internal static ulong Run(SimulationOptions options) => Run(options, ClusterBugs.None);

    internal static ulong Run(SimulationOptions options, ClusterBugs bugs)
    {
        using var run = new ChaosRun(options, bugs);
        run.Play();
        return run._world.TraceHash;
    }

    public void Dispose() => _world.Dispose();

    private void Play()
    {
        foreach (var node in _nodes)
            Start(node);
        Await(() => Agree(_members.Values.ToArray()), "the nodes never came together");
        for (var faults = 4 + _world.Random.Next(5); faults > 0; faults--)
        {
            Disturb();
            _world.RunFor(TimeSpan.FromSeconds(_world.Random.Next(20)));
            _checker.ThrowIfFailed();
        }
        _world.Network.HealAll();
        foreach (var node in _nodes)
        {
            node.Resume();
            if (!node.IsUp)
                StartIdle(node);
        }
        Await(() => _members.Values.Where(TakesPart).All(SeesTheDead), "the dead were not found out");
        foreach (var node in _idle.ToArray())
            _members[node].Join(Host());
        // Whoever still asks one that crashed or left before it answered would ask it for ever.
        foreach (var member in _members.Values.Where(member => !member.IsLeaving && !TakesPart(member) && !_idle.Contains(member.Node)))
            member.Join(Host());
        Await(() => Agree([.. _members.Values.Where(member => !member.IsLeaving)]) && _members.Values.All(member => !member.IsLeaving || member.HasLeft),
            "the nodes never came to agree again");
    }

    private void Disturb()
    {
        var node = _nodes[_world.Random.Next(_nodes.Length)];
        switch (_world.Random.Next(7))
        {
            case 0 or 1 when node.IsUp: node.Crash(_world.Random.Chance(0.5) ? CrashKind.Reset : CrashKind.Silent); break;
            case 2 when !node.IsUp: StartIdle(node); break;
            case 3 when !node.IsUp: Restart(node); break;
            case 2: Isolate(); break;
            case 3 when node.IsUp && !_members[node].IsLeaving && TakesPart(_members[node]) && _members.Values.Count(member => !member.IsLeaving) > 3:
                _ = _members[node].Leave();
                break;
            case 4: Isolate(); break;
            case 5: _world.Network.HealAll(); break;
            default: Pause(node); break;
        }
    }

    private void Isolate()
    {
        var left = _nodes.Where(_ => _world.Random.Chance(0.5)).ToArray();
        if (_world.Random.Chance(0.7))
            _world.Network.Partition(left, _nodes.Except(left));
        else
            _world.Network.Cut(_nodes[_world.Random.Next(5)], _nodes[_world.Random.Next(5)]);
    }

    private void Pause(SimulatedNode node)
    {
        if (!node.IsUp)
            return;
        node.Pause();
        var life = node.Life;
        _world.At(TimeSpan.FromSeconds(_world.Random.Next(20)), () =>
        {
            if (node.IsUp && node.Life == life)
                node.Resume();
        });
    }

    private void Start(SimulatedNode node) => Begin(node).Join(Host());

    private SimulatedMember Begin(SimulatedNode node)
    {
        _idle.Remove(node);
        var member = SimulatedMember.Start(_world, node, _bugs, _checker.Told);
        _checker.Started(member);
        return _members[node] = member;
    }

    private void Restart(SimulatedNode node)
    {
        node.Restart();
        Start(node);
    }

    /// <summary>A new process that joins only when all is calm: until then its old self is a dead member.</summary>
    private void StartIdle(SimulatedNode node)
    {
        node.Restart();
        Begin(node);
        _idle.Add(node);
    }

    /// <summary>By whom to join: the first node that is in the cluster, or the first that lives when there is no cluster (any more).</summary>
    private SimulatedNode Host() =>
        Array.Find(_nodes, node => node.IsUp && _members.TryGetValue(node, out var member) && !member.IsLeaving
            && member.Cluster.SelfMember.Status is Akka.Cluster.MemberStatus.Up or Akka.Cluster.MemberStatus.WeaklyUp)
        ?? Array.Find(_nodes, node => node.IsUp && _members.TryGetValue(node, out var member) && !member.IsLeaving)
        ?? _nodes[0];

    /// <summary>
    /// What an operator has to do: a member that has left while others were unreachable stays Leaving until somebody downs it.
    /// </summary>
    private void DownWhoHasLeft()
    {
        foreach (var left in _members.Values.Where(member => member.HasLeft))
        {
            var stuck = _members.Values.FirstOrDefault(member => member.Node.IsUp && !member.IsLeaving
                && member.Cluster.State.Unreachable.Any(other => other.UniqueAddress == left.Self));
            stuck?.Node.Run(() =>
            {
                stuck.Cluster.Down(left.Self.Address);
                return true;
            });
        }
    }

    private static bool TakesPart(SimulatedMember member) => member.Cluster.SelfMember.Status == Akka.Cluster.MemberStatus.Up;

    /// <summary>
    /// Are those members unreachable whose system has ended? Others may be too, for what a dead member said last holds until it is
    /// removed.
    /// </summary>
    private bool SeesTheDead(SimulatedMember by)
    {
        var state = by.Cluster.State;
        var living = _members.Values.Where(member => member.Node.IsUp && !member.HasLeft).Select(member => member.Self).ToHashSet();
        return state.Members.All(member => living.Contains(member.UniqueAddress) || state.Unreachable.Contains(member));
    }

    private static bool Agree(SimulatedMember[] living) => living.All(member => member.Node.IsUp && member.Sees(living));

    private void Await(Func<bool> condition, string otherwise)
    {
        for (var waited = TimeSpan.Zero; waited < Calm; waited += TimeSpan.FromSeconds(1))
        {
            _checker.ThrowIfFailed();
            if (condition())
                return;
            DownWhoHasLeft();
            _world.RunFor(TimeSpan.FromSeconds(1));
        }
        var views = _members.Values.Select(member => $"\n    {member}: {(member.Node.IsUp ? Describe(member) : "down")}");
        throw _world.Failed(otherwise + string.Concat(views));
    }

    private static string Describe(SimulatedMember member)
    {
        var state = member.Cluster.State;
        return $"leaving={member.IsLeaving} left={member.HasLeft} "
            + string.Join("; ", state.Members.Select(m => $"{m.Address.Host}/{m.UniqueAddress.Uid} {m.Status}"))
            + $" unreachable: {string.Join(", ", state.Unreachable.Select(m => m.Address.Host))}";
    }
}
