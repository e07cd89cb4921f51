namespace Akka.Actor;

/// <summary>Stops the actor when it comes to this message.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, Event.IDeadLetterSuppression
{
    private PoisonPill()
    {
    }

    public static PoisonPill Instance { get; } = new();

    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the actor fail with <see cref="ActorKilledException"/>; its supervisor decides (by default: stop).</summary>
public sealed class Kill : IAutoReceivedMessage
{
    private Kill()
    {
    }

    public static Kill Instance { get; } = new();

    public override string ToString() => "<Kill>";
}

/// <summary>No message came for as long as <see cref="IActorContext.SetReceiveTimeout"/> said.</summary>
public class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout()
    {
    }

    public static ReceiveTimeout Instance { get; } = new();
}

/// <summary>Every actor answers this with an <see cref="ActorIdentity"/> of the same id.</summary>
public sealed class Identify(object messageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    public object MessageId { get; } = messageId;

    public override bool Equals(object? obj) => obj is Identify other && Equals(MessageId, other.MessageId);

    public override int GetHashCode() => MessageId?.GetHashCode() ?? 0;

    public override string ToString() => $"<Identify>: {MessageId}";
}

/// <summary>The answer to <see cref="Identify"/>: the actor, or null where there is none.</summary>
public sealed class ActorIdentity(object messageId, IActorRef? subject)
{
    public object MessageId { get; } = messageId;

    public IActorRef? Subject { get; } = subject.IsNobody() ? null : subject;

    public override bool Equals(object? obj) =>
        obj is ActorIdentity other && Equals(MessageId, other.MessageId) && Equals(Subject, other.Subject);

    public override int GetHashCode() => (MessageId?.GetHashCode() ?? 0) ^ (Subject?.GetHashCode() ?? 0);

    public override string ToString() => $"<ActorIdentity>: {Subject} - MessageId={MessageId}";
}

/// <summary>A watched actor has stopped (<see cref="ExistenceConfirmed"/>), or its node is lost.</summary>
public sealed class Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    : IAutoReceivedMessage, IPossiblyHarmful, Event.IDeadLetterSuppression, INoSerializationVerificationNeeded,
        IEquatable<Terminated>
{
    public IActorRef ActorRef { get; } = actorRef;

    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    public bool AddressTerminated { get; } = addressTerminated;

    public bool Equals(Terminated? other) =>
        other is not null && Equals(ActorRef, other.ActorRef)
        && ExistenceConfirmed == other.ExistenceConfirmed && AddressTerminated == other.AddressTerminated;

    public override bool Equals(object? obj) => Equals(obj as Terminated);

    public override int GetHashCode() => ActorRef?.GetHashCode() ?? 0;

    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>A node is lost: told by the remoting to the actors that asked, on behalf of its actors.</summary>
internal sealed class AddressTerminated(Address address)
    : IAutoReceivedMessage, IPossiblyHarmful, Event.IDeadLetterSuppression, INoSerializationVerificationNeeded
{
    public Address Address { get; } = address;

    public override string ToString() => $"<AddressTerminated>: {Address}";
}
