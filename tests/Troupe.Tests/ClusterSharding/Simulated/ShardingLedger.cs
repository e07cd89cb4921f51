using System.Collections.Immutable;

namespace Troupe.Tests.ClusterSharding.Simulated;

/// <summary>
/// The checker outside: knows which entities live where, what was sent and what arrived, and nothing of how sharding works.
/// </summary>
internal sealed class ShardingLedger
{
    private readonly Dictionary<string, List<string>> _alive = [];
    private readonly Dictionary<string, int> _arrived = [];
    private readonly List<string> _sent = [];

    /// <summary>What must not be, in the order in which it was seen.</summary>
    public List<string> Violations { get; } = [];

    public int Arrived => _arrived.Count;

    /// <summary>How often an entity was made; more than there are when shards have moved.</summary>
    public int Births { get; private set; }

    public IEnumerable<string> Lost => _sent.Where(m => !_arrived.ContainsKey(m));

    public void OnSent(string message) => _sent.Add(message);

    public void OnArrived(string message)
    {
        _arrived[message] = _arrived.GetValueOrDefault(message) + 1;
        if (_arrived[message] == 2) Violations.Add($"{message} arrived twice");
    }

    public void OnAlive(string entity, string node)
    {
        if (!_alive.TryGetValue(entity, out var nodes)) _alive[entity] = nodes = [];
        Births++;
        nodes.Add(node);
        if (nodes.Count > 1) Violations.Add($"{entity} lives at {string.Join(" and ", nodes)} at once");
    }

    public void OnDead(string entity, string node) => _alive[entity].Remove(node);

    public void OnCrashed(string node)
    {
        foreach (var nodes in _alive.Values) nodes.RemoveAll(n => n == node);
    }
}
