namespace Akka.Actor;

/// <summary>The path of everything below the root.</summary>
public sealed class ChildActorPath(ActorPath parentPath, string name, long uid) : ActorPath(parentPath, name, uid);
