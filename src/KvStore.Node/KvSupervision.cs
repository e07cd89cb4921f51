using Akka.Actor;
using KvStore.Core;
using KvStore.Storage;

namespace KvStore.Node;

/// <summary>
/// What the parents under <c>/user/kv</c> do about a child that fails. A failure of the environment is dealt with where it happened; our own
/// bug, and a disk of which nobody knows what it holds, go up to the node supervisor, which stops the node. Any thread.
/// </summary>
internal static class KvSupervision
{
    /// <summary>For parts: a child that failed starts again, from what is on disk.</summary>
    public static OneForOneStrategy OfParts { get; } = new(failure =>
        IsOurBug(failure) || IsLostDisk(failure) ? Directive.Escalate : Directive.Restart);

    /// <summary>
    /// For children that live for one request: done again it would be another request, so that it ends; its client hears at its deadline. One that
    /// could not be made ends too: that may be due to what was asked.
    /// </summary>
    public static OneForOneStrategy OfRequests { get; } = new(failure =>
        IsBrokenInvariant(failure) || IsLostDisk(failure) ? Directive.Escalate : Directive.Stop);

    /// <summary>An actor that cannot even be created was built wrong by us, as much as one whose invariant broke.</summary>
    public static bool IsOurBug(Exception failure) => failure is InvariantViolationException or ActorInitializationException;

    /// <summary>After a failed sync only a new start finds out what the disk holds.</summary>
    public static bool IsLostDisk(Exception failure) => failure is StoreFailedException;

    private static bool IsBrokenInvariant(Exception failure) => failure is InvariantViolationException
        || (failure is ActorInitializationException && failure.GetBaseException() is InvariantViolationException);
}
