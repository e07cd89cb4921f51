using Akka.Actor;

namespace KvStore.Node;

/// <summary>
/// A place for one answer: what is told to it reaches the actor as <see cref="Tagged"/>, so that answers to many questions of the same kind are
/// told apart. Cheaper than an ask, and without a task. Immutable; any thread.
/// </summary>
internal sealed class TaggedRef(IActorRef actor, long tag) : MinimalActorRef
{
    public override ActorPath Path => actor.Path / $"answer-{tag}";

    public override IActorRefProvider Provider => ((IInternalActorRef)actor).Provider;

    protected override void TellInternal(object message, IActorRef? sender) => actor.Tell(new Tagged(tag, message));
}

/// <summary>The answer that came to a <see cref="TaggedRef"/>.</summary>
internal sealed record Tagged(long Tag, object Answer);
