using KvStore.Core.Identity;

namespace KvStore.Client.Routing;

/// <summary>
/// Which nodes have lately left this client without an answer: they are asked after the others, for a second at first and for longer each
/// time. Pure; one owner. A suspicion costs a detour and decides nothing.
/// </summary>
internal sealed class NodeHealth
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(16);

    private readonly Dictionary<NodeId, (int Silences, TimeSpan Until)> _suspects = [];

    public bool IsSuspect(NodeId node, TimeSpan now) => _suspects.TryGetValue(node, out var suspect) && now < suspect.Until;

    public void OnAnswer(NodeId node) => _suspects.Remove(node);

    public void OnSilence(NodeId node, TimeSpan now)
    {
        var silences = _suspects.GetValueOrDefault(node).Silences + 1;
        var pause = First * Math.Pow(2, Math.Min(silences - 1, 10));
        _suspects[node] = (silences, now + (pause < Most ? pause : Most));
    }
}
