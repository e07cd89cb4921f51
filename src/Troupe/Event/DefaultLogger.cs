using Akka.Actor;

namespace Akka.Event;

/// <summary>The logger of the defaults: an actor that writes to the standard output.</summary>
public class DefaultLogger : ActorBase
{
    private MinimalLogger? _stdout;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                _stdout = Context.System.Settings.StdoutLogger;
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent entry:
                Print(entry);
                return true;
            default:
                return false;
        }
    }

    protected virtual void Print(LogEvent logEvent) =>
        (_stdout ?? Context.System.Settings.StdoutLogger).Tell(logEvent, ActorRefs.NoSender);
}
