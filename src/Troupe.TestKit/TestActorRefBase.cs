using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>
/// A reference to an actor that runs on the calling thread and whose instance can be looked into. Equal to the plain reference.
/// </summary>
public abstract class TestActorRefBase<TActor> : IInternalActorRef
    where TActor : ActorBase
{
    private readonly LocalActorRef _ref;

    protected TestActorRefBase(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    {
        var parent = ProbeRefs.Plain(supervisor ?? ((ExtendedActorSystem)system).Guardian) as LocalActorRef
            ?? throw new ArgumentException($"{supervisor} cannot supervise: it is no actor of this system.", nameof(supervisor));
        var props = actorProps.Dispatcher == Dispatch.Dispatchers.DefaultDispatcherId
            ? actorProps.WithDispatcher(CallingThreadDispatcher.Id)
            : actorProps;
        _ref = (LocalActorRef)parent.Cell.AttachChild(props, name, systemService: false);
    }

    public IActorRef Ref => _ref;

    public ActorPath Path => _ref.Path;

    /// <summary>The instance, another one after a restart. Throws when the actor has stopped.</summary>
    public TActor UnderlyingActor => _ref.Cell.Actor switch
    {
        TActor actor => actor,
        null => throw new IllegalActorStateException($"{_ref} has no instance: it has stopped, or its constructor has thrown."),
        var other => throw new InvalidCastException($"{_ref} is a {other.GetType()}, not a {typeof(TActor)}."),
    };

    /// <summary>Handles the message here and now, past the mailbox; what the actor throws is thrown to the caller.</summary>
    public void Receive(object message, IActorRef? sender = null) => _ref.Cell.ReceiveMessageForTest(new Envelope(message, sender));

    public Task ReceiveAsync(object message, IActorRef? sender = null)
    {
        Receive(message, sender);
        return Task.CompletedTask;
    }

    public void Tell(object message) => _ref.Tell(message);

    public void Tell(object message, IActorRef? sender) => _ref.Tell(message, sender);

    public void Forward(object message) => _ref.Forward(message);

    public void Watch(IActorRef subject) => _ref.SendSystemMessage(new Watch((IInternalActorRef)subject, _ref));

    public void Unwatch(IActorRef subject) => _ref.SendSystemMessage(new Unwatch((IInternalActorRef)subject, _ref));

    public void SendSystemMessage(ISystemMessage message) => _ref.SendSystemMessage(message);

    public bool Equals(IActorRef? other) => _ref.Equals(ProbeRefs.Plain(other));

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public override int GetHashCode() => _ref.GetHashCode();

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => _ref.CompareTo(ProbeRefs.Plain(other));

    public int CompareTo(object? obj) => _ref.CompareTo(obj is IActorRef other ? ProbeRefs.Plain(other) : obj);

    public override string ToString() => _ref.ToString() ?? "";

    public static bool operator ==(TestActorRefBase<TActor> testActorRef, IActorRef actorRef) => Equals(testActorRef, actorRef);

    public static bool operator !=(TestActorRefBase<TActor> testActorRef, IActorRef actorRef) => !Equals(testActorRef, actorRef);

    public static bool operator ==(IActorRef actorRef, TestActorRefBase<TActor> testActorRef) => Equals(testActorRef, actorRef);

    public static bool operator !=(IActorRef actorRef, TestActorRefBase<TActor> testActorRef) => !Equals(testActorRef, actorRef);

    bool IActorRefScope.IsLocal => true;

    bool IInternalActorRef.IsTerminated => _ref.IsTerminated;

    IInternalActorRef IInternalActorRef.Parent => _ref.Parent;

    IActorRefProvider IInternalActorRef.Provider => _ref.Provider;

    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => _ref.GetChild(name);

    void IInternalActorRef.Start() => _ref.Start();

    void IInternalActorRef.Suspend() => _ref.Suspend();

    void IInternalActorRef.Resume(Exception? causedByFailure) => _ref.Resume(causedByFailure);

    void IInternalActorRef.Restart(Exception cause) => _ref.Restart(cause);

    void IInternalActorRef.Stop() => _ref.Stop();
}

/// <summary>See <see cref="TestKitBase.ActorOfAsTestActorRef{TActor}(Props, string)"/>.</summary>
public class TestActorRef<TActor>(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    : TestActorRefBase<TActor>(system, actorProps, supervisor, name)
    where TActor : ActorBase
{
}
