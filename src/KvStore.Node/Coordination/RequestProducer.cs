using Akka.Actor;

namespace KvStore.Node.Coordination;

/// <summary>
/// Makes the actor of one request. Props from an expression would read it, and look for a constructor by reflection, at each request: that took
/// more time than all that the actor does.
/// </summary>
internal sealed class RequestProducer<T>(Func<T> make) : IIndirectActorProducer
    where T : ActorBase
{
    public Type ActorType => typeof(T);

    public ActorBase Produce() => make();

    public void Release(ActorBase actor)
    {
        // Nothing is kept of it.
    }
}
