using Akka.Actor;
using Akka.Event;
using Akka.TestKit.TestEvent;

namespace Akka.TestKit;

/// <summary>
/// The logger of systems under test: prints as the default logger does, except what a filter has muted. It also logs dead
/// letters and unhandled messages as warnings, so that filters can match them.
/// </summary>
public class TestEventListener : DefaultLogger
{
    private readonly List<IEventFilter> _filters = [];

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                foreach (var type in (Type[])[typeof(Mute), typeof(Unmute), typeof(DeadLetter), typeof(UnhandledMessage)])
                {
                    initialize.LoggingBus.Subscribe(Self, type);
                }
                Sender.Tell(new LoggerInitialized());
                return true;
            case Mute mute:
                _filters.AddRange(mute.Filters);
                return true;
            case Unmute unmute:
                foreach (var filter in unmute.Filters)
                {
                    _filters.Remove(filter);
                }
                return true;
            case LogEvent logEvent:
                PrintUnlessMuted(logEvent);
                return true;
            case DeadLetter letter:
                Log(letter);
                return true;
            case UnhandledMessage unhandled:
                var source = unhandled.Recipient.Path.ToString();
                PrintUnlessMuted(new Warning(source, unhandled.Recipient.GetType(),
                    $"Unhandled message from {unhandled.Sender}: {unhandled.Message}"));
                return true;
            default:
                return false;
        }
    }

    private void Log(DeadLetter letter)
    {
        // A dead letter that was about the end of an actor says nothing: actors end while others still send to them.
        if (letter.Message is Terminated)
        {
            return;
        }
        var recipient = letter.Recipient.Path.ToString()!;
        var type = letter.Recipient.GetType();
        if (!Filtered(new Warning(recipient, type, letter)))
        {
            Print(new Warning(recipient, type, $"Message {letter.Message} from {letter.Sender} to {letter.Recipient} was not delivered."));
        }
    }

    private void PrintUnlessMuted(LogEvent logEvent)
    {
        if (!Filtered(logEvent))
        {
            Print(logEvent);
        }
    }

    private bool Filtered(LogEvent logEvent)
    {
        foreach (var filter in _filters)
        {
            if (filter.Apply(logEvent))
            {
                return true;
            }
        }
        return false;
    }
}
