using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// The stash that a persistent actor's own code uses. All that it unstashes goes in front of <paramref name="waiting"/>, which holds
/// the commands that came while an event was being written: into the mailbox it would come after them.
/// </summary>
internal sealed class CommandStash(IStash own, IStash waiting) : IStash
{
    public int Count => own.Count;

    public bool IsEmpty => own.IsEmpty;

    public bool NonEmpty => own.NonEmpty;

    public bool IsFull => own.IsFull;

    public int Capacity => own.Capacity;

    public void Stash() => own.Stash();

    public void Unstash() => own.Unstash();

    public void UnstashAll() => waiting.Prepend(own.ClearStash());

    public void UnstashAll(Func<Envelope, bool> predicate) => waiting.Prepend(own.ClearStash().Where(predicate));

    public IEnumerable<Envelope> ClearStash() => own.ClearStash();

    public void Prepend(IEnumerable<Envelope> envelopes) => own.Prepend(envelopes);

    /// <summary>Back in front of the mailbox: the instance that stashed is going.</summary>
    public void ReturnAll(Func<Envelope, bool> predicate) => own.UnstashAll(predicate);
}
