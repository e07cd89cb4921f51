using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>The root of the tree: /user and /system, and the names that have no actor, such as /temp and /deadLetters.</summary>
internal sealed class RootGuardianActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher,
    MailboxType mailboxType,
    IInternalActorRef supervisor, ActorPath path, IInternalActorRef deadLetters, IInternalActorRef tempContainer,
    IReadOnlyDictionary<string, IInternalActorRef> extraNames)
    : LocalActorRef(system, props, dispatcher, mailboxType, supervisor, path)
{
    public override IInternalActorRef Parent => this;

    public override IInternalActorRef GetSingleChild(string name) => name switch
    {
        "temp" => tempContainer,
        "deadLetters" => deadLetters,
        _ => extraNames.GetValueOrDefault(name) ?? base.GetSingleChild(name),
    };
}
