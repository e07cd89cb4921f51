namespace KvStore.Core.Tests.Checking;

/// <summary>What one client operation on one register wanted.</summary>
public enum CallKind
{
    Read,
    Write,
    CompareAndSet,
}

/// <summary>
/// One client operation as its client saw it. Values are numbers, 0 for absent. An operation that surely did nothing and saw nothing
/// is left out of a history; one whose outcome is unknown has no return.
/// </summary>
/// <param name="Kind">What it wanted; a compare-and-set that failed is recorded as a read of what it found.</param>
/// <param name="Invoked">When it began.</param>
/// <param name="Returned">When it returned, or <see cref="Never"/>.</param>
/// <param name="Argument">What it wrote.</param>
/// <param name="Expected">What a compare-and-set expected.</param>
/// <param name="Observed">What a read saw.</param>
public sealed record RegisterCall(CallKind Kind, long Invoked, long Returned, long Argument, long Expected, long Observed)
{
    public const long Never = long.MaxValue;

    public bool IsUnknown => Returned == Never;

    public static RegisterCall Read(long invoked, long returned, long observed) =>
        new(CallKind.Read, invoked, returned, 0, 0, observed);

    public static RegisterCall Write(long invoked, long returned, long argument) =>
        new(CallKind.Write, invoked, returned, argument, 0, 0);

    public static RegisterCall Swap(long invoked, long returned, long expected, long argument) =>
        new(CallKind.CompareAndSet, invoked, returned, argument, expected, 0);
}
