using Akka.Actor;
using Akka.Event;

namespace Akka.Pattern;

/// <summary>Starts its child again after a pause when it has stopped. See <see cref="Backoff.OnStop"/>.</summary>
public sealed class BackoffSupervisor : BackoffSupervisorBase
{
    internal BackoffSupervisor(BackoffOptionsData options)
        : base(options)
    {
    }

    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        Props(childProps, childName, minBackoff, maxBackoff, randomFactor, -1);

    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor,
        int maxNrOfRetries) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries));

    public static Props Props(BackoffOptions options) => options.Props;

    protected override SupervisorStrategy SupervisorStrategy() => Strategy;

    protected override bool Receive(object message)
    {
        if (message is not Terminated terminated || !terminated.ActorRef.Equals(Child))
        {
            return HandleBackoff(message);
        }
        Child = null;
        if (FinalStopMessageReceived)
        {
            Context.Stop(Self);
        }
        else
        {
            StartLater();
        }
        return true;
    }

    /// <summary>Answered with <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild()
        {
        }
    }

    /// <summary>The child; Nobody while it is down.</summary>
    public sealed class CurrentChild(IActorRef? @ref)
    {
        public IActorRef Ref { get; } = @ref ?? ActorRefs.Nobody;
    }

    /// <summary>Forgets the count of restarts, where the options say that it is reset by hand.</summary>
    public new sealed class Reset
    {
        public static readonly Reset Instance = new();

        private Reset()
        {
        }
    }

    /// <summary>Answered with <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount()
        {
        }
    }

    public sealed class RestartCount(int count)
    {
        public int Count { get; } = count;
    }

    /// <summary>The supervisor to itself: the pause is over.</summary>
    public sealed class StartChild : IDeadLetterSuppression
    {
        public static readonly StartChild Instance = new();

        private StartChild()
        {
        }
    }

    /// <summary>The supervisor to itself: the child has been up long enough, if nothing has happened since.</summary>
    public sealed class ResetRestartCount(int current) : IDeadLetterSuppression
    {
        public int Current { get; } = current;
    }
}
