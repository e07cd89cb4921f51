using KvStore.Core.Identity;
using KvStore.Core.Replication;

namespace KvStore.Core.Registers;

/// <summary>
/// The acceptors of one partition's strong keys on one node. It refuses what comes from epochs that it has fenced off, and answers
/// only with a state that the caller makes durable first. The caller reads the stored state of a key and handles one message a
/// key at a time. One owner; not thread-safe.
/// Invariants: (1) after <see cref="OnFence"/> no message of an earlier epoch changes or reports anything, or is let in; (2) what is let in of
/// the fence's epoch or a later one does not hold the fence up.
/// </summary>
public sealed class RegisterReplica(RingEpoch fence)
{
    private readonly CallsInside _inside = new();

    /// <summary>Set in tests only.</summary>
    internal PlantedRingBugs Bugs { get; init; }

    /// <summary>Messages of epochs below this are refused.</summary>
    public RingEpoch Fence { get; private set; } = fence;

    /// <summary>Earlier epochs are over for this partition. Durable before it is acknowledged to anybody.</summary>
    public void OnFence(RingEpoch epoch) => Fence = epoch > Fence ? epoch : Fence;

    /// <summary>Whether the fence is drained: nothing of an earlier epoch, let in before, waits or is being stored.</summary>
    public bool IsDrainedBelow(RingEpoch epoch) => _inside.IsDrainedBelow(epoch);

    /// <summary>Lets a message in that will have its turn later, and ends with <see cref="Leave"/>.</summary>
    /// <returns>False when the epoch is stale: answer with the newer ring.</returns>
    public bool TryEnter(RingEpoch epoch)
    {
        if (IsStale(epoch))
            return false;
        _inside.Enter(epoch);
        return true;
    }

    /// <summary>A message that was let in is answered, or refused.</summary>
    public void Leave(RingEpoch epoch) => _inside.Leave(epoch);

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
