namespace KvStore.Core;

/// <summary>A state that our own code must never reach. Whoever meets it stops the node; it is never retried.</summary>
public sealed class InvariantViolationException : Exception
{
    public InvariantViolationException()
    {
    }

    public InvariantViolationException(string message) : base(message)
    {
    }

    public InvariantViolationException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
