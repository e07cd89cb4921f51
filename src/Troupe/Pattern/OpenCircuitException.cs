using Akka.Actor;

namespace Akka.Pattern;

/// <summary>The call was not made: the circuit breaker is open.</summary>
public class OpenCircuitException : AkkaException
{
    private const string IsOpen = "Circuit Breaker is open; calls are failing fast";

    public OpenCircuitException()
        : base(IsOpen)
    {
    }

    public OpenCircuitException(string message)
        : base(message)
    {
    }

    public OpenCircuitException(string message, TimeSpan remainingDuration)
        : base(message) =>
        RemainingDuration = remainingDuration;

    public OpenCircuitException(string message, Exception? cause)
        : base(message, cause)
    {
    }

    public OpenCircuitException(string message, Exception? cause, TimeSpan remainingDuration)
        : base(message, cause) =>
        RemainingDuration = remainingDuration;

    public OpenCircuitException(Exception? cause)
        : base(IsOpen, cause)
    {
    }

    public OpenCircuitException(Exception? cause, TimeSpan remainingDuration)
        : base(IsOpen, cause) =>
        RemainingDuration = remainingDuration;

    /// <summary>How long the breaker stays open; zero while it is half open and its one call is under way.</summary>
    public TimeSpan RemainingDuration { get; }
}

/// <summary>The failure that <see cref="CircuitBreaker.Fail"/> counts.</summary>
public class UserCalledFailException() : AkkaException("User code caused CircuitBreaker to fail because it calls the Fail method.");
