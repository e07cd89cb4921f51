using KvStore.Core.Identity;

namespace KvStore.Core.Registers;

/// <summary>What a <see cref="RegisterOperation"/> wants done, in order.</summary>
public abstract record RegisterEffect
{
    private RegisterEffect()
    {
    }

    /// <summary>Phase 1 to one acceptor.</summary>
    public sealed record SendPrepare(NodeId To, Ballot Ballot) : RegisterEffect;

    /// <summary>Phase 2 to one acceptor.</summary>
    public sealed record SendAccept(NodeId To, Ballot Ballot, RegisterValue Value) : RegisterEffect;

    /// <summary>Call <see cref="RegisterOperation.OnTimer"/> with this number after the delay.</summary>
    public sealed record StartTimer(int Number, TimeSpan Delay) : RegisterEffect;

    /// <summary>Get a ring of at least this epoch, which that node has; answer with OnPlan.</summary>
    public sealed record RefreshRing(NodeId From, RingEpoch AtLeast) : RegisterEffect;

    /// <summary>The answer to the client; the operation is over.</summary>
    public sealed record Reply(RegisterOutcome Outcome) : RegisterEffect;
}
