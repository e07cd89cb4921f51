using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>What sharding needs of the runtime beyond its public API.</summary>
internal static class Runtime
{
    /// <summary>Starts a child of sharding's guardian from outside: at once, on any thread, without waiting for the
    /// guardian.</summary>
    public static IActorRef StartChild(IActorRef guardian, Props props, string name) =>
        ((LocalActorRef)guardian).Cell.AttachChild(props, name, systemService: false);

    public static TaskCompletionSource<T> NewCompletion<T>(ActorSystem system) => ((ActorSystemImpl)system).NewCompletion<T>();
}
