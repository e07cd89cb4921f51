using KvStore.Core.Identity;

namespace KvStore.Core.Registers;

/// <summary>What a client wants of a strong key.</summary>
public abstract record RegisterCommand
{
    private RegisterCommand()
    {
    }

    /// <summary>Read it.</summary>
    public sealed record Get : RegisterCommand;

    /// <summary>Set it, whatever it is.</summary>
    public sealed record Put(ReadOnlyMemory<byte> Data) : RegisterCommand;

    /// <summary>Make it absent, whatever it is.</summary>
    public sealed record Delete : RegisterCommand;

    /// <summary>Set it (or, with null, make it absent) if it is what the client expects.</summary>
    public sealed record CompareAndSet(RegisterExpectation Expected, ReadOnlyMemory<byte>? Data) : RegisterCommand;

    /// <summary>
    /// Write back what is there, so that a majority of new acceptors holds it before they are asked alone. A node's own, while a partition
    /// moves; no client can send it.
    /// </summary>
    public sealed record Reaffirm : RegisterCommand;

    /// <summary>What is there when the command has changed something; null for nothing.</summary>
    internal ReadOnlyMemory<byte>? Leaves => this switch
    {
        Put put => put.Data,
        CompareAndSet set => set.Data,
        _ => default(ReadOnlyMemory<byte>?),
    };

    /// <summary>The lowest version that the command can have made, whenever that was; null when it makes none.</summary>
    internal ulong? EarliestVersion => this switch
    {
        Get or Reaffirm => null,
        CompareAndSet { Expected: RegisterExpectation.HasVersion found } => unchecked(found.Version + 1),
        _ => 1,
    };

    /// <summary>The value after the command, or the same one when it changes nothing.</summary>
    internal RegisterValue Apply(RegisterValue current, RequestId request) => this switch
    {
        _ when current.HasApplied(request, out _) => current,
        Put put => current.With(put.Data, request),
        Delete => current.Data is null ? current : current.With(null, request),
        CompareAndSet set when set.Expected.Matches(current) => current.With(set.Data, request),
        _ => current,
    };
}
