using Akka.Actor;

namespace Akka.Pattern;

/// <summary>
/// Starts its child again after a pause when it has failed. A failure that the strategy would restart for stops the child instead;
/// when that is over the pause begins. See <see cref="Backoff.OnFailure"/>.
/// </summary>
internal sealed class BackoffOnFailureSupervisor(BackoffOptionsData options) : BackoffSupervisorBase(options)
{
    private bool _failed;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        Strategy.MaxNumberOfRetries,
        Strategy.WithinTimeRangeMilliseconds,
        cause =>
        {
            var directive = Strategy.Decider.Decide(cause);
            if (directive is not Directive.Restart)
            {
                return directive;
            }
            _failed = true;
            return Directive.Stop;
        });

    protected override bool Receive(object message)
    {
        if (message is not Terminated terminated || !terminated.ActorRef.Equals(Child))
        {
            return HandleBackoff(message);
        }
        Child = null;
        if (_failed && !FinalStopMessageReceived)
        {
            _failed = false;
            StartLater();
        }
        else
        {
            Context.Stop(Self);
        }
        return true;
    }
}
