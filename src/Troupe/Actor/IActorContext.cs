using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// What an actor sees of the runtime. Thread rule: only from within that actor, while it handles a message.
/// </summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    IActorRef Self { get; }

    Props Props { get; }

    /// <summary>Who told the message that is being handled; the dead letters when nobody did.</summary>
    IActorRef Sender { get; }

    ActorSystem System { get; }

    IActorRef Parent { get; }

    MessageDispatcher Dispatcher { get; }

    TimeSpan? ReceiveTimeout { get; }

    void Become(Receive receive);

    void BecomeStacked(Receive receive);

    void UnbecomeStacked();

    /// <summary>The child of that name, or Nobody.</summary>
    IActorRef Child(string name);

    /// <summary>In the order in which they were started.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>
    /// Sends <see cref="Actor.ReceiveTimeout"/> whenever no message came for that long; null ends it. Messages that are
    /// <see cref="INotInfluenceReceiveTimeout"/> do not count.
    /// </summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    void Stop(IActorRef child);
}

public interface IUntypedActorContext : IActorContext
{
    void Become(UntypedReceive receive);

    void BecomeStacked(UntypedReceive receive);
}
