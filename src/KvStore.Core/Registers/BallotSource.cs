using KvStore.Core.Identity;

namespace KvStore.Core.Registers;

/// <summary>
/// Where a node's ballots come from: one for all its proposals, so that two of them never share a number. Any thread: each request has an
/// actor of its own.
/// </summary>
public sealed class BallotSource(NodeId node, uint start)
{
    private ulong _round;

    /// <summary>The node that proposes.</summary>
    public NodeId Node => node;

    /// <summary>A ballot above every one handed out so far and above <paramref name="seen"/>.</summary>
    public Ballot Next(RingEpoch epoch, Ballot seen)
    {
        var least = seen.Epoch == epoch ? seen.Round : 0;
        ulong last, next;
        do
        {
            last = Volatile.Read(ref _round);
            next = Math.Max(last, least) + 1;
        }
        while (Interlocked.CompareExchange(ref _round, next, last) != last);
        return new Ballot(epoch, next, node, start);
    }
}
