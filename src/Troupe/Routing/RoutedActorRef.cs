using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Routing;

/// <summary>The reference of a router.</summary>
internal sealed class RoutedActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, MailboxType mailboxType,
    IInternalActorRef supervisor, ActorPath path)
    : LocalActorRef(system, props, dispatcher, mailboxType, supervisor, path)
{
    internal override ActorCell NewActorCell(ActorSystemImpl system, Props props, MessageDispatcher dispatcher,
        IInternalActorRef supervisor) =>
        new RoutedActorCell(system, this, props, dispatcher, supervisor);
}
