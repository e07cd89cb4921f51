using Akka.Actor;

namespace Akka.TestKit;

/// <summary>
/// A second test actor with an inbox of its own, to play another party: give its <see cref="Ref"/> (or itself) where an actor
/// is wanted, and expect on it. It is never the implicit sender of a test: it sends by <see cref="Send"/> and <see cref="Reply"/>.
/// </summary>
public partial class TestProbe : TestKitBase, IInternalActorRef, INoImplicitSender
{
    public TestProbe(ActorSystem system, ITestKitAssertions assertions, string? testProbeName = null)
        : base(assertions, system, testProbeName)
    {
    }

    public IActorRef Ref => TestActor;

    /// <summary>The sender of the message last taken.</summary>
    public IActorRef Sender => LastSender;

    /// <summary>Sends so that answers come to this probe.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Answers the message last taken.</summary>
    public void Reply(object message) => LastSender.Tell(message, TestActor);

    /// <summary>Passes the message last taken on, its sender unchanged.</summary>
    public void Forward(IActorRef actor) => Forward(actor, LastMessage!);

    public void Forward(IActorRef actor, object message) => actor.Tell(message, LastSender);

    public IActorRef ChildActorOf<T>(string name, SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default)
        where T : ActorBase =>
        ChildActorOf(Props.Create<T>(), name, supervisorStrategy, cancellationToken);

    public IActorRef ChildActorOf<T>(SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default)
        where T : ActorBase =>
        ChildActorOf(Props.Create<T>(), supervisorStrategy, cancellationToken);

    public IActorRef ChildActorOf<T>(string name, CancellationToken cancellationToken = default)
        where T : ActorBase =>
        ChildActorOf(Props.Create<T>(), name, cancellationToken);

    public IActorRef ChildActorOf<T>(CancellationToken cancellationToken = default)
        where T : ActorBase =>
        ChildActorOf(Props.Create<T>(), cancellationToken);

    public Task<IActorRef> ChildActorOfAsync<T>(string name, SupervisorStrategy supervisorStrategy,
        CancellationToken cancellationToken = default)
        where T : ActorBase =>
        ChildActorOfAsync(Props.Create<T>(), name, supervisorStrategy, cancellationToken);

    public Task<IActorRef> ChildActorOfAsync<T>(SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default)
        where T : ActorBase =>
        ChildActorOfAsync(Props.Create<T>(), supervisorStrategy, cancellationToken);

    public Task<IActorRef> ChildActorOfAsync<T>(string name, CancellationToken cancellationToken = default)
        where T : ActorBase =>
        ChildActorOfAsync(Props.Create<T>(), name, cancellationToken);

    public Task<IActorRef> ChildActorOfAsync<T>(CancellationToken cancellationToken = default)
        where T : ActorBase =>
        ChildActorOfAsync(Props.Create<T>(), cancellationToken);
}
