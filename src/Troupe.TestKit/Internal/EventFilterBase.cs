using Akka.Event;
using Akka.TestKit.Internal.StringMatcher;

namespace Akka.TestKit.Internal;

/// <summary>One kind of log event, narrowed by message and source. Called by the test's logger, on its thread.</summary>
public abstract class EventFilterBase : IEventFilter
{
    private readonly IStringMatcher _messageMatcher;
    private readonly IStringMatcher _sourceMatcher;

    protected EventFilterBase(IStringMatcher? messageMatcher, IStringMatcher? sourceMatcher)
    {
        _messageMatcher = messageMatcher ?? MatchesAll.Instance;
        _sourceMatcher = sourceMatcher ?? MatchesAll.Instance;
    }

    /// <summary>Raised for each match.</summary>
    public event EventMatched? EventMatched;

    protected abstract string FilterDescriptiveName { get; }

    public bool Apply(LogEvent logEvent)
    {
        if (!IsMatch(logEvent))
        {
            return false;
        }
        OnEventMatched(logEvent);
        return true;
    }

    protected abstract bool IsMatch(LogEvent evt);

    protected virtual void OnEventMatched(LogEvent logEvent) => EventMatched?.Invoke(this, logEvent);

    protected bool InternalDoMatch(string? src, object? msg) =>
        _messageMatcher.IsMatch(msg?.ToString() ?? "null") && _sourceMatcher.IsMatch(src ?? "");

    public override string ToString()
    {
        var message = _messageMatcher is MatchesAll ? "" : $" when message {_messageMatcher}";
        var source = _sourceMatcher is MatchesAll ? "" : $" when source {_sourceMatcher}";
        return FilterDescriptiveName + message + source;
    }
}

public delegate void EventMatched(EventFilterBase eventFilter, LogEvent logEvent);
