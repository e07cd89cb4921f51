using KvStore.Core.Identity;

namespace KvStore.Core.Membership;

/// <summary>
/// The last start number seen of each node, by which a process that must not speak for its node any more is turned away: an older
/// start, or a second process that came up with a copy of the data. One owner; not thread-safe.
/// </summary>
public sealed class PeerStarts
{
    private readonly Dictionary<NodeId, (uint Start, ulong Process)> _last = [];

    /// <summary>Whether a process may speak for the node from now on.</summary>
    /// <param name="node">Whom it says it is.</param>
    /// <param name="start">Its durable start number.</param>
    /// <param name="process">Random bits that it drew when it started; the same for all its connections.</param>
    public bool TryAdmit(NodeId node, uint start, ulong process)
    {
        if (_last.TryGetValue(node, out var last) && (start < last.Start || (start == last.Start && process != last.Process)))
            return false;
        _last[node] = (start, process);
        return true;
    }

    /// <summary>The node is out of the ring for good.</summary>
    public void Forget(NodeId node) => _last.Remove(node);
}
