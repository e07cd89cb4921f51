namespace Akka.Event;

/// <summary>Logs to an event stream, which the loggers listen to.</summary>
public sealed class BusLogging(LoggingBus bus, string logSource, Type logClass, ILogMessageFormatter logMessageFormatter)
    : LoggingAdapterBase(logMessageFormatter)
{
    public LoggingBus Bus { get; } = bus;

    public string LogSource { get; } = logSource;

    public Type LogClass { get; } = logClass;

    public override bool IsDebugEnabled => Bus.LogLevel <= LogLevel.DebugLevel;

    public override bool IsInfoEnabled => Bus.LogLevel <= LogLevel.InfoLevel;

    public override bool IsWarningEnabled => Bus.LogLevel <= LogLevel.WarningLevel;

    public override bool IsErrorEnabled => Bus.LogLevel <= LogLevel.ErrorLevel;

    protected override void NotifyLog(LogLevel logLevel, object message, Exception? cause = null)
    {
        LogEvent entry = logLevel switch
        {
            LogLevel.DebugLevel => new Debug(cause!, LogSource, LogClass, message),
            LogLevel.InfoLevel => new Info(cause!, LogSource, LogClass, message),
            LogLevel.WarningLevel => new Warning(cause!, LogSource, LogClass, message),
            _ => new Error(cause!, LogSource, LogClass, message),
        };
        Bus.Publish(entry);
    }
}
