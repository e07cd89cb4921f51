using Akka.Actor;

namespace Akka.Pattern;

/// <summary>What a <see cref="BackoffSupervisor"/> does. Immutable; made by <see cref="Backoff"/>.</summary>
public abstract class BackoffOptions
{
    /// <summary>The count of restarts is forgotten when the child has been up for so long (by default: the first pause).</summary>
    public abstract BackoffOptions WithAutoReset(TimeSpan resetBackoff);

    /// <summary>The count is forgotten when somebody sends <see cref="BackoffSupervisor.Reset"/>.</summary>
    public abstract BackoffOptions WithManualReset();

    /// <summary>The strategy for the child's failures.</summary>
    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    /// <summary>Every failure of the child stops it.</summary>
    public abstract BackoffOptions WithDefaultStoppingStrategy();

    public abstract BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries);

    /// <summary>What is answered while the child is down; without it messages are dead letters then.</summary>
    public abstract BackoffOptions WithReplyWhileStopped(object replyWhileStopped);

    /// <summary>A message after which the child's end is the supervisor's end too.</summary>
    public abstract BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage);

    internal abstract Props Props { get; }
}

internal enum BackoffKind
{
    Failure,
    Stop,
}

internal sealed record BackoffOptionsData(
    BackoffKind Kind,
    Props ChildProps,
    string ChildName,
    TimeSpan MinBackoff,
    TimeSpan MaxBackoff,
    double RandomFactor)
{
    public IBackoffReset Reset { get; init; } = new AutoReset(MinBackoff);

    public OneForOneStrategy Strategy { get; init; } = new(Akka.Actor.SupervisorStrategy.DefaultDecider);

    public object? ReplyWhileStopped { get; init; }

    public Func<object, bool>? FinalStopMessage { get; init; }
}

internal sealed class BackoffOptionsImpl : BackoffOptions
{
    private readonly BackoffOptionsData _data;

    public BackoffOptionsImpl(BackoffKind kind, Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor)
        : this(new BackoffOptionsData(kind, childProps, childName, minBackoff, maxBackoff, randomFactor))
    {
    }

    private BackoffOptionsImpl(BackoffOptionsData data) => _data = data;

    internal override Props Props
    {
        get
        {
            if (_data.MinBackoff <= TimeSpan.Zero || _data.MaxBackoff < _data.MinBackoff)
            {
                throw new ArgumentException(
                $"The pauses must be above zero and the longest not below the first, but are {_data.MinBackoff} and {_data.MaxBackoff}.");
            }
            if (_data.RandomFactor is < 0 or > 1)
            {
                throw new ArgumentException($"The random factor must be between 0 and 1, but is {_data.RandomFactor}.");
            }
            if (_data.Reset is AutoReset { After: var after } && (after < _data.MinBackoff || after > _data.MaxBackoff))
            {
                throw new ArgumentException($"The automatic reset must come between the first and the longest pause, but comes after {after}.");
            }
            return Props.CreateBy(new Producer(_data));
        }
    }

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) =>
        new BackoffOptionsImpl(_data with { Reset = new AutoReset(resetBackoff) });

    public override BackoffOptions WithManualReset() => new BackoffOptionsImpl(_data with { Reset = new ManualReset() });

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) =>
        new BackoffOptionsImpl(_data with { Strategy = supervisorStrategy });

    public override BackoffOptions WithDefaultStoppingStrategy() => WithSupervisorStrategy(
        new OneForOneStrategy(_data.Strategy.MaxNumberOfRetries, _data.Strategy.WithinTimeRangeMilliseconds, static _ => Directive.Stop));

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) =>
        WithSupervisorStrategy(_data.Strategy.WithMaxNrOfRetries(maxNrOfRetries));

    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) =>
        new BackoffOptionsImpl(_data with { ReplyWhileStopped = replyWhileStopped });

    public override BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) =>
        new BackoffOptionsImpl(_data with { FinalStopMessage = isFinalStopMessage });

    /// <summary>The supervisors' constructors are not for applications.</summary>
    private sealed class Producer(BackoffOptionsData data) : IIndirectActorProducer
    {
        public Type ActorType => data.Kind is BackoffKind.Stop ? typeof(BackoffSupervisor) : typeof(BackoffOnFailureSupervisor);

        public ActorBase Produce() => data.Kind is BackoffKind.Stop ? new BackoffSupervisor(data) : new BackoffOnFailureSupervisor(data);

        public void Release(ActorBase actor)
        {
        }
    }
}
