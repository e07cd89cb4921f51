using Akka.Event;

namespace Akka.TestKit;

/// <summary>A test of log events.</summary>
public interface IEventFilter
{
    /// <summary>Whether the event matches, and so does not reach the log.</summary>
    bool Apply(LogEvent logEvent);
}

/// <summary>Switches a mute off again.</summary>
public interface IUnmutableFilter : IDisposable
{
    void Unmute();
}
