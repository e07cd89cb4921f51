using Akka.Actor;
using Akka.Configuration;
using Akka.Util;
using Troupe.Platform;

namespace Akka.Event;

/// <summary>An event bus by type, with the loggers as subscribers.</summary>
public class LoggingBus : ActorEventBus<object, Type>
{
    private static readonly LogLevel[] Levels =
        [LogLevel.DebugLevel, LogLevel.InfoLevel, LogLevel.WarningLevel, LogLevel.ErrorLevel];

    private readonly List<IActorRef> _loggers = [];
    private LogFilterEvaluator _filter = LogFilterEvaluator.NoFilters;
    private MinimalLogger? _stdout;
    private LogLevel _stdoutLevel = Logging.OffLevel;

    /// <summary>Events below it are not even made.</summary>
    public LogLevel LogLevel { get; private set; }

    internal IClock? Clock { get; init; }

    public void SetLogLevel(LogLevel logLevel)
    {
        LogLevel = logLevel;
        foreach (var level in Levels)
        {
            foreach (var logger in _loggers)
            {
                if (level < logLevel) Unsubscribe(logger, level.ClassFor());
                else Subscribe(logger, level.ClassFor());
            }
        }
    }

    /// <summary>Until the loggers run, and after they have ended, log to the standard output.</summary>
    public void StartStdoutLogger(Settings config)
    {
        _filter = config.LogFilter;
        _stdout = config.StdoutLogger;
        _stdoutLevel = Level(config.StdoutLogLevel, "akka.stdout-loglevel");
        LogLevel = Level(config.LogLevel, "akka.loglevel");
        SubscribeFrom(_stdout, _stdoutLevel);
    }

    internal void StartDefaultLoggers(ActorSystemImpl system)
    {
        const string setting = "akka.loggers";
        foreach (var name in system.Settings.Loggers)
        {
            if (name is "Akka.Event.StandardOutLogger")
            {
                SubscribeFrom(_stdout!, LogLevel);
                _loggers.Add(_stdout!);
                continue;
            }

            var type = TypeResolver.Resolve(name, setting);
            if (!typeof(ActorBase).IsAssignableFrom(type))
                throw new ConfigurationException($"{setting} names the type [{name}], which is no actor.");
            var props = Props.Create(type).WithDispatcher(system.Settings.LoggersDispatcher).WithDeploy(Deploy.Local);
            var logger = system.SystemActorOf(props, $"log{_loggers.Count + 1}-{Logging.SimpleName(type)}");
            logger.Tell(new InitializeLogger(this), system.IgnoreRef);
            _loggers.Add(logger);
            SubscribeFrom(logger, LogLevel);
        }

        if (!_loggers.Contains(_stdout!)) Unsubscribe(_stdout!);
    }

    /// <summary>The loggers are about to stop: what is still logged goes to the standard output.</summary>
    internal void StopLoggers()
    {
        if (_stdout is null || _loggers.Contains(_stdout)) return;
        SubscribeFrom(_stdout, _stdoutLevel > LogLevel ? _stdoutLevel : LogLevel);
        foreach (var logger in _loggers) Unsubscribe(logger);
        _loggers.Clear();
    }

    protected override bool Classify(object @event, Type classifier) => classifier.IsInstanceOfType(@event);

    protected override Type GetClassifier(object @event) => @event.GetType();

    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);

    private protected override void OnPublish(object @event)
    {
        if (@event is LogEvent { Timestamp.Ticks: 0 } entry && Clock is { } clock) entry.Timestamp = clock.UtcNow.UtcDateTime;
    }

    protected override void Publish(object @event, IActorRef subscriber) => subscriber.Tell(@event, ActorRefs.NoSender);

    /// <summary>Do the filters let the event pass?</summary>
    internal bool Passes(LogEvent entry) => _filter.ShouldTryKeepMessage(entry, out _);

    private static LogLevel Level(string name, string setting)
    {
        try
        {
            return Logging.LogLevelFor(name);
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException($"{setting} is [{name}]: {e.Message}", e);
        }
    }

    private void SubscribeFrom(IActorRef logger, LogLevel least)
    {
        foreach (var level in Levels)
        {
            if (level >= least) Subscribe(logger, level.ClassFor());
        }
    }
}
