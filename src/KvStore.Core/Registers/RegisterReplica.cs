using KvStore.Core.Identity;

namespace KvStore.Core.Registers;

/// <summary>
/// The acceptors of one partition's strong keys on one node. It refuses what comes from epochs that it has fenced off, and answers
/// only with a state that the caller makes durable first. The caller reads the stored state of a key and handles one message a
/// key at a time. One owner; not thread-safe.
/// Invariant: after <see cref="OnFence"/> no message of an earlier epoch changes or reports anything.
/// </summary>
public sealed class RegisterReplica(RingEpoch fence)
{
    /// <summary>Set in tests only.</summary>
    internal PlantedRingBugs Bugs { get; init; }

    /// <summary>Messages of epochs below this are refused.</summary>
    public RingEpoch Fence { get; private set; } = fence;

    /// <summary>Earlier epochs are over for this partition. Durable before it is acknowledged to anybody.</summary>
    public void OnFence(RingEpoch epoch) => Fence = epoch > Fence ? epoch : Fence;

    /// <summary>Phase 1 for a key whose stored state is given; <paramref name="next"/> is to be stored before the answer goes.</summary>
    /// <returns>The answer, or null when the epoch is stale: answer with the newer ring.</returns>
    public AcceptorReply<RegisterValue>? OnPrepare(
        RingEpoch epoch, Ballot ballot, AcceptorState<RegisterValue> stored, out AcceptorState<RegisterValue> next)
    {
        next = stored;
        if (IsStale(epoch))
            return null;
        var reply = stored.OnPrepare(ballot, out next);
        if (Bugs.HasFlag(PlantedRingBugs.PromiseForgotten))
            next = stored;
        return reply;
    }

    /// <summary>Phase 2 for a key whose stored state is given; <paramref name="next"/> is to be stored before the answer goes.</summary>
    /// <returns>The answer, or null when the epoch is stale: answer with the newer ring.</returns>
    public AcceptorReply<RegisterValue>? OnAccept(
        RingEpoch epoch,
        Ballot ballot,
        RegisterValue value,
        AcceptorState<RegisterValue> stored,
        out AcceptorState<RegisterValue> next)
    {
        next = stored;
        return IsStale(epoch) ? null : stored.OnAccept(ballot, value, out next);
    }

    private bool IsStale(RingEpoch epoch) => epoch < Fence && !Bugs.HasFlag(PlantedRingBugs.StaleEpochAccepted);
}
