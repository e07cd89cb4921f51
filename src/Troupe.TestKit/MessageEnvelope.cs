using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A message that the test actor received, with its sender.</summary>
public abstract class MessageEnvelope
{
    public abstract object? Message { get; }

    public abstract IActorRef Sender { get; }
}

/// <summary>"Nothing was received."</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    public static NullMessageEnvelope Instance = new();

    private NullMessageEnvelope()
    {
    }

    public override object? Message => throw new InvalidOperationException("The last receive timed out: there is no message.");

    public override IActorRef Sender => throw new InvalidOperationException("The last receive timed out: there is no sender.");

    public override string ToString() => "<null message>";
}

/// <summary>A message that did arrive.</summary>
public class RealMessageEnvelope(object? message, IActorRef sender) : MessageEnvelope
{
    public override object? Message { get; } = message;

    public override IActorRef Sender { get; } = sender;

    public override string ToString() =>
        $"<{Message ?? "null"}> from {(ReferenceEquals(Sender, ActorRefs.NoSender) ? "NoSender" : Sender)}";
}
