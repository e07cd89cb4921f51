namespace Akka.Actor;

/// <summary>Takes every message and forgets it; a sender for those who want no answer.</summary>
internal sealed class IgnoreActorRef(IActorRefProvider provider) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems")) / "ignore";

    public override IActorRefProvider Provider => provider;
}
