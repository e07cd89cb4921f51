using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Messages that an actor puts aside, to handle them later. Thread rule: only from within the actor.</summary>
public interface IStash
{
    int Count { get; }

    bool IsEmpty { get; }

    bool NonEmpty { get; }

    bool IsFull { get; }

    /// <summary>The most messages; -1: no bound.</summary>
    int Capacity { get; }

    /// <summary>Puts the message that is being handled aside. Throws <see cref="StashOverflowException"/> when full.</summary>
    void Stash();

    /// <summary>Puts the oldest message back in front of the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all back in front of the mailbox, in the order in which they came.</summary>
    void UnstashAll();

    /// <summary>As <see cref="UnstashAll()"/> for those that fit; the others are dropped from the stash.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Empties the stash; returns what was in it.</summary>
    IEnumerable<Envelope> ClearStash();

    void Prepend(IEnumerable<Envelope> envelopes);
}

public interface IActorStash
{
    IStash Stash { get; set; }
}

public interface IWithUnrestrictedStash : IActorStash;

/// <summary>Gives an actor a stash; it needs a mailbox that takes messages in front, which the default one does.</summary>
public interface IWithStash : IWithUnrestrictedStash, IRequiresMessageQueue<IDequeBasedMessageQueueSemantics>;

public interface IWithUnboundedStash : IWithUnrestrictedStash, IRequiresMessageQueue<IUnboundedDequeBasedMessageQueueSemantics>;
