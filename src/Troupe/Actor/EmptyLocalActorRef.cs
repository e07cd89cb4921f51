using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// A path of this system that has no actor: what it is told becomes a dead letter, and who watches it is told at once.
/// </summary>
public class EmptyLocalActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream) : MinimalActorRef
{
    public override ActorPath Path => path;

    public override IActorRefProvider Provider => provider;

    public override bool IsTerminated => true;

    private protected EventStream EventStream => eventStream;

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is Watch watch && watch.Watchee.Equals(this) && !watch.Watcher.Equals(this))
            watch.Watcher.SendSystemMessage(
                new DeathWatchNotification(watch.Watchee, existenceConfirmed: false, addressTerminated: false));
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is DeadLetter letter) SpecialHandle(letter.Message, letter.Sender);
        else if (!SpecialHandle(message, sender)) Publish(message, sender, this);
    }

    /// <summary>Answers what can be answered without an actor.</summary>
    protected virtual bool SpecialHandle(object message, IActorRef? sender)
    {
        switch (message)
        {
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), this);
                return true;
            case ActorSelectionMessage { Message: Identify identify } selection:
                if (!selection.WildCardFanOut) sender?.Tell(new ActorIdentity(identify.MessageId, null), this);
                return true;
            case ActorSelectionMessage selection:
                Publish(selection.Message, sender, this);
                return true;
            default:
                return false;
        }
    }

    private protected void Publish(object message, IActorRef? sender, IActorRef recipient)
    {
        var from = sender ?? provider.DeadLetters;
        AllDeadLetters letter = message is IDeadLetterSuppression suppressed
            ? new SuppressedDeadLetter(suppressed, from, recipient)
            : new DeadLetter(message, from, recipient);
        eventStream.Publish(letter);
    }
}
