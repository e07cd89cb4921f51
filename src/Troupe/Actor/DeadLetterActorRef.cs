using Akka.Event;

namespace Akka.Actor;

/// <summary>Where messages go that nobody can take: to the event stream, as <see cref="DeadLetter"/>.</summary>
public class DeadLetterActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream)
    : EmptyLocalActorRef(provider, path, eventStream)
{
    protected override void TellInternal(object message, IActorRef? sender)
    {
        switch (message)
        {
            case DeadLetter letter:
                if (!SpecialHandle(letter.Message, letter.Sender)) Publish(letter.Message, letter.Sender, letter.Recipient);
                break;
            default:
                if (!SpecialHandle(message, sender)) Publish(message, sender, this);
                break;
        }
    }
}
