using Akka.Actor;
using KvStore.Core.Links;
using KvStore.Wire;

namespace KvStore.Node.Links;

/// <summary>
/// Who asked, as the asked actor sees it: what is told to it goes back over the link, with the question's number. It stands for an actor on
/// another node and has none here; it is not watched, and never leaves this node. Immutable; any thread.
/// </summary>
internal sealed class AnswerRef(IActorRef link, LinkQuestion question) : MinimalActorRef
{
    public override ActorPath Path => link.Path / $"{question.Correlation}";

    public override IActorRefProvider Provider => ((IInternalActorRef)link).Provider;

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is IWireMessage answer) link.Tell(new PeerLinkActor.Answer(question, answer));
    }
}
