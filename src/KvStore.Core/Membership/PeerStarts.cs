using KvStore.Core.Identity;
using KvStore.Core.Links;

namespace KvStore.Core.Membership;

/// <summary>
/// The data set and the last start seen of each node, by which a process that must not speak for its node any more is turned away: one
/// whose data was lost, an older start, or a second process that came up with a copy of the data. One owner; not thread-safe.
/// <para>Invariant: what is held of a node changes only to a later start of the same data set: start numbers are counted in the data, so that those
/// of other data say nothing.</para>
/// </summary>
public sealed class PeerStarts
{
    private readonly Dictionary<NodeId, (ulong DataSet, uint Start, ulong Process)> _last = [];

    /// <summary>Whether a process may speak for the node from now on; why not, where it may not.</summary>
    /// <param name="node">Whom it says it is.</param>
    /// <param name="dataSet">Random bits that were drawn with its data.</param>
    /// <param name="start">Its durable start number.</param>
    /// <param name="process">Random bits that it drew when it started; the same for all its connections.</param>
    public PeerAdmission Admit(NodeId node, ulong dataSet, uint start, ulong process)
    {
        if (_last.TryGetValue(node, out var last))
        {
            if (dataSet != last.DataSet)
                return PeerAdmission.OtherData;
            if (start < last.Start || (start == last.Start && process != last.Process))
                return PeerAdmission.EarlierStart;
        }

        _last[node] = (dataSet, start, process);
        return PeerAdmission.Admitted;
    }

    /// <summary>The node is out of the ring for good.</summary>
    public void Forget(NodeId node) => _last.Remove(node);
}
