namespace Akka.Actor;

/// <summary>The top of an actor system's tree.</summary>
public sealed class RootActorPath(Address address, string name = "") : ActorPath(address, name);
