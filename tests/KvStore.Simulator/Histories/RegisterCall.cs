using KvStore.Core.Identity;
using KvStore.Core.Registers;

namespace KvStore.Simulator.Histories;

/// <summary>One operation on a strong key as its client saw it.</summary>
/// <param name="Client">Who.</param>
/// <param name="Key">On what.</param>
/// <param name="Sent">When the request left the client; in simulated time.</param>
/// <param name="Done">When the answer came, or was given up.</param>
/// <param name="Command">What was asked.</param>
/// <param name="Outcome">What was answered; null when nothing was, or that nobody knows.</param>
public sealed record RegisterCall(int Client, BucketKey Key, TimeSpan Sent, TimeSpan Done, RegisterCommand Command, RegisterOutcome? Outcome)
{
    /// <summary>The value that the answer speaks of; null when it speaks of none.</summary>
    public RegisterValue? Value => Outcome switch
    {
        RegisterOutcome.Done done => done.Value,
        RegisterOutcome.Mismatch mismatch => mismatch.Value,
        _ => null,
    };

    /// <summary>The data that it writes if it takes effect; null for a read.</summary>
    public ReadOnlyMemory<byte>? Writes => Command switch
    {
        RegisterCommand.Put put => put.Data,
        RegisterCommand.CompareAndSet set => set.Data,
        _ => null,
    };

    /// <summary>Whether it surely took effect, as a change.</summary>
    public bool HasChanged => Outcome is RegisterOutcome.Done && Command is not RegisterCommand.Get;

    public override string ToString() => $"{Command.GetType().Name} by {Client} in {Sent}..{Done}: version {Value?.Version}";
}
