namespace Akka.Actor;

/// <summary>A message that the runtime handles itself.</summary>
public interface IAutoReceivedMessage;

/// <summary>A message that does not come through from an untrusted peer.</summary>
public interface IPossiblyHarmful;

/// <summary>A message that `serialize-messages` leaves alone.</summary>
public interface INoSerializationVerificationNeeded;

/// <summary>A message that does not put off the receive time-out.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>A message around another one.</summary>
public interface IWrappedMessage
{
    object Message { get; }
}

public static class WrappedMessage
{
    /// <summary>The innermost message.</summary>
    public static object Unwrap(object message)
    {
        while (message is IWrappedMessage wrapped) message = wrapped.Message;
        return message;
    }
}
