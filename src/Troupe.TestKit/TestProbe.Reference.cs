using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>A probe as a reference: everything goes to its test actor.</summary>
public partial class TestProbe
{
    ActorPath IActorRef.Path => TestActor.Path;

    bool IActorRefScope.IsLocal => true;

    bool IInternalActorRef.IsTerminated => Inner.IsTerminated;

    IInternalActorRef IInternalActorRef.Parent => Inner.Parent;

    IActorRefProvider IInternalActorRef.Provider => Inner.Provider;

    private IInternalActorRef Inner => (IInternalActorRef)TestActor;

    public void SendSystemMessage(ISystemMessage message) => Inner.SendSystemMessage(message);

    public int CompareTo(object? obj) => TestActor.CompareTo(obj is IActorRef other ? ProbeRefs.Plain(other) : obj);

    public override bool Equals(object? obj) => obj is IActorRef other && TestActor.Equals(ProbeRefs.Plain(other));

    public override int GetHashCode() => TestActor.GetHashCode();

    public override string ToString() => TestActor.ToString()!;

    void ICanTell.Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);

    bool IEquatable<IActorRef>.Equals(IActorRef? other) => TestActor.Equals(ProbeRefs.Plain(other));

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => TestActor.CompareTo(ProbeRefs.Plain(other));

    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => Inner.GetChild(name);

    void IInternalActorRef.Start() => Inner.Start();

    void IInternalActorRef.Suspend() => Inner.Suspend();

    void IInternalActorRef.Resume(Exception? causedByFailure) => Inner.Resume(causedByFailure);

    void IInternalActorRef.Restart(Exception cause) => Inner.Restart(cause);

    void IInternalActorRef.Stop() => Inner.Stop();
}
