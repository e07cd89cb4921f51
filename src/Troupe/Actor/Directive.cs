namespace Akka.Actor;

/// <summary>What a supervisor does with a child that has failed.</summary>
public enum Directive
{
    /// <summary>Go on with the next message, state kept.</summary>
    Resume,

    /// <summary>Replace the instance; the mailbox stays.</summary>
    Restart,

    /// <summary>Fail oneself, with the child's failure.</summary>
    Escalate,

    Stop,
}

public static class DirectiveExtensions
{
    public static KeyValuePair<Type, Directive> When<TException>(this Directive self) where TException : Exception =>
        new(typeof(TException), self);
}
