namespace Akka.Actor;

/// <summary>Selections from paths: absolute with or without an address, or relative to an actor.</summary>
public static class ActorRefFactoryShared
{
    public static ActorSelection ActorSelection(ActorPath actorPath, ActorSystem system)
    {
        var root = ((ExtendedActorSystem)system).Provider.RootGuardianAt(actorPath.Address);
        return new ActorSelection(root, actorPath.Elements);
    }

    public static ActorSelection ActorSelection(string path, ActorSystem system, IActorRef lookupRoot)
    {
        var provider = ((ExtendedActorSystem)system).Provider;
        if (Address.TryParse(path.AsSpan(), out var address, out var rest))
            return new ActorSelection(provider.RootGuardianAt(address!), rest.ToString());
        if (path.StartsWith('/')) return new ActorSelection(provider.RootGuardian, path);
        if (path.Contains("://", StringComparison.Ordinal)) return new ActorSelection(provider.DeadLetters, "");
        return new ActorSelection(lookupRoot, path);
    }

    public static ActorSelection ActorSelection(IActorRef anchorActorRef, string path) => new(anchorActorRef, path);
}
