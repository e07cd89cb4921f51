using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>What a mailbox's queue can do; actors ask for it by <see cref="IRequiresMessageQueue{T}"/>.</summary>
public interface ISemantics;

public interface IUnboundedMessageQueueSemantics : ISemantics;

/// <summary>A queue that also takes messages in front, as a stash needs.</summary>
public interface IDequeBasedMessageQueueSemantics : ISemantics
{
    void EnqueueFirst(Envelope envelope);
}

public interface IUnboundedDequeBasedMessageQueueSemantics : IDequeBasedMessageQueueSemantics, IUnboundedMessageQueueSemantics;

public interface IMultipleConsumerSemantics : ISemantics;

/// <summary>An actor class's requirement: `akka.actor.mailbox.requirements` maps it to a mailbox.</summary>
public interface IRequiresMessageQueue<T> where T : ISemantics;

/// <summary>A mailbox type's promise.</summary>
public interface IProducesMessageQueue<TQueue> where TQueue : MessageQueues.IMessageQueue;
