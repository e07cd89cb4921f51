using KvStore.Core.Identity;

namespace KvStore.Core.Registers;

/// <summary>
/// Where a node's ballots come from: one for all its proposals, so that two of them never share a number. One owner; not thread-safe.
/// </summary>
public sealed class BallotSource(NodeId node, uint start)
{
    private ulong _round;

    /// <summary>The node that proposes.</summary>
    public NodeId Node => node;

    /// <summary>A ballot above every one handed out so far and above <paramref name="seen"/>.</summary>
    public Ballot Next(RingEpoch epoch, Ballot seen)
    {
        _round = Math.Max(_round, seen.Epoch == epoch ? seen.Round : 0) + 1;
        return new Ballot(epoch, _round, node, start);
    }
}
